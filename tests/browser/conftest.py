"""A real Chromium on a live server. It fails a test for what a person would only notice later: script errors, broken
requests, violations of the content security policy."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.looking import Watch
from tests.factories.accounts import make_user

# Playwright's own loop runs in this thread; Django takes it for an asynchronous caller, which it is not.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")

ARGUMENTS = ["--disable-gpu", "--disable-background-networking", "--no-first-run", "--force-color-profile=srgb"]
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
Open = Callable[..., Page]


def chromium() -> str | None:
    """The machine's own Chromium; none means the one that Playwright has downloaded."""
    return os.environ.get("OMS_CHROMIUM") or next((found for name in NAMES if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    own = {"executable_path": path} if (path := chromium()) else {}
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, **own, "args": [*ARGUMENTS, *as_root]}


@pytest.fixture(autouse=True)
def hashing_is_cheap(settings: Any) -> None:
    settings.AXES_ENABLED = False  # the lock-out has its own tests


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What went wrong unseen while pages were open; the test fails with it at its end."""
    seen = Watch()
    yield seen
    assert not seen.problems, "\n".join(seen.problems)


@pytest.fixture
def open_as(browser: Browser, live_server: Any, watch: Watch) -> Iterator[Open]:
    """`open_as("picker", "/pda/")` or `open_as(user, …)`: a page of its own browser session, logged in."""
    contexts: list[BrowserContext] = []

    def open_page(who: Any, path: str = "/", *, width: int = 1280, height: int = 800, **person: Any) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, base_url=live_server.url, reduced_motion="reduce"
        )
        contexts.append(context)
        user = make_user(who, **person) if isinstance(who, str) else who
        context.add_cookies([session_cookie(user, live_server.url)])
        page = watch.over(context.new_page())
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def session_cookie(user: Any, url: str) -> Any:
    client = Client()
    client.force_login(user, backend="accounts.rights.RememberingBackend")
    return {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": url,
    }


@pytest.fixture
def keep_picture() -> Callable[[Page, str], None]:
    """With OMS_SCREENSHOTS=1 the pages that tests look at stay in screenshots/ for people to look at."""
    folder = Path(settings.BASE_DIR) / "screenshots"

    def keep(page: Page, name: str) -> None:
        if os.environ.get("OMS_SCREENSHOTS"):
            folder.mkdir(exist_ok=True)
            page.screenshot(path=folder / f"{name}.png")

    return keep
