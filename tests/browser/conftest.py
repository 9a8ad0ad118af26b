"""A real browser on the whole shop. `shopper(...)` opens a page as somebody with a language, with or without JavaScript."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.shop import RunningShop

ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for a module's tests. Not for longer: Playwright keeps a loop running in this thread, and tests of
    other modules run their own."""
    program = os.environ.get("CHROMIUM") or next(found for name in NAMES if (found := shutil.which(name)))
    arguments = [*ARGUMENTS, "--no-sandbox"] if os.geteuid() == 0 else ARGUMENTS
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=arguments)
        yield started
        started.close()


@pytest.fixture
def shopper(browser: Browser, shop: RunningShop) -> Iterator[OpenPage]:
    """`shopper(locale="ru", javascript=False, phone=True)`: a page of a new visitor. Fails when a script or a rule of
    the Content-Security-Policy complained on any page."""
    contexts, complaints = [], []

    def _open(*, locale: str = "en", javascript: bool = True, phone: bool = False) -> Page:
        context = browser.new_context(
            base_url=shop.address(),
            locale={"en": "en-GB", "ru": "ru-RU"}[locale],
            java_script_enabled=javascript,
            viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]  # a plain dictionary of the right keys
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: (
                complaints.append(f"{page.url}: {message.text}")
                if message.type == "error" and "Content Security Policy" in message.text
                else None
            ),
        )
        return page

    yield _open
    for context in contexts:
        context.close()
    assert complaints == []
