"""The client's favourite among our languages."""

import pytest

from chassis.languages import preferred


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("", "en"),
        ("ru", "ru"),
        ("ru-RU,ru;q=0.9,en-US;q=0.8", "ru"),
        ("de-DE,de;q=0.9,ru;q=0.4,en;q=0.3", "ru"),
        ("en;q=0.2,ru;q=0.1", "en"),
        ("ru;q=0", "en"),
        ("ru;q=nonsense", "en"),
        ("*", "en"),
        ("\x00;;;,,,=", "en"),
    ],
)
def test_the_best_of_ours_wins(header: str, locale: str) -> None:
    assert preferred(header) == locale
