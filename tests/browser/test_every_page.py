"""Every page that links lead to, in both languages and themes, on a desk and on a phone."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from tests.browser import looking, town

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
DESK, PHONE = (1280, 800), (390, 844)
NOT_PAGES = re.compile(r"^/(api|static|hooks|metrics|healthz|readyz|logout)|/export|\.(csv|xlsx|json)$")
PAGES_PER_VIEW = 2  # the list with and without filters, one order and another
Looks = tuple[str, str, tuple[int, int]]


def look_at(page: Page, name: str, looks: Looks, english: frozenset[str]) -> list[str]:
    """Every complaint about one page in one guise."""
    language, theme, _size = looks
    found = looking.policy_violations(page) + looking.overflow(page)
    found += looking.accessibility_violations(page)
    if language == "zh-hans":
        found += looking.english_left(page, english)
    return [f"{name} ({language}, {theme}, {page.viewport_size['width']} px): {complaint}" for complaint in found]


def links(page: Page) -> Iterator[str]:
    """Addresses of our own that the page leads to, without what is no page."""
    for address in page.evaluate("[...document.querySelectorAll('a[href]')].map((a) => a.getAttribute('href'))"):
        path = address.split("#")[0]
        if path.startswith("/") and not NOT_PAGES.search(path.split("?")[0]):
            yield path


def view_of(path: str) -> str:
    try:
        return resolve(path.split("?", maxsplit=1)[0]).view_name
    except Resolver404:
        return path


def walk(page: Page, start: str) -> list[str]:
    """One or two addresses of each view that can be reached by links."""
    waiting, seen, per_view = [start], {start}, dict[str, int]()
    found: list[str] = []
    while waiting:
        path = waiting.pop(0)
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, f"{path} answers {answer.status}"
        found.append(path)
        for link in links(page):
            view = view_of(link)
            if link not in seen and per_view.get(view, 0) < PAGES_PER_VIEW:
                per_view[view] = per_view.get(view, 0) + 1
                seen.add(link)
                waiting.append(link)
    return found


@pytest.fixture
def pages(open_as: Callable[..., Page]) -> tuple[Page, list[str], Any]:
    admin = town.build()
    page = open_as(admin, "/")
    return page, walk(page, "/"), admin


def test_every_page_is_accessible_complete_and_keeps_to_its_policy(
    pages: tuple[Page, list[str], Any], keep_picture: Callable[[Page, str], None]
):
    page, paths, admin = pages
    english = looking.untranslatable_words()
    complaints: list[str] = []
    for looks in (("zh-hans", "light", DESK), ("en", "dark", DESK), ("zh-hans", "dark", PHONE), ("en", "light", PHONE)):
        admin.locale, admin.theme = looks[0], looks[1]
        admin.save()
        page.set_viewport_size({"width": looks[2][0], "height": looks[2][1]})
        for path in paths:
            page.goto(path)
            complaints += look_at(page, path, looks, english)
            keep_picture(page, f"{view_of(path).replace(':', '-')}-{looks[0]}-{looks[1]}-{looks[2][0]}")
    assert len(paths) > 15
    assert not complaints, "\n".join(sorted(set(complaints)))
