"""The same gateway with the same fakes as the pages' tests."""

from tests.pages.conftest import browser, world

__all__ = ["browser", "world"]
