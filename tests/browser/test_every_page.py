"""Every page that links lead to, in both languages and themes, on a desk and on a phone."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from tests.browser import looking, town

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]
NOT_PAGES = re.compile(r"^/(api|static|hooks|metrics|healthz|readyz|logout)|export|workbook|\.(csv|xlsx|json)$")
HREF = re.compile(r'<a\b[^>]*?\shref="(/[^"#]*)')
PAGES_PER_VIEW = 2  # one order and another, the list and the filtered list


@dataclass(frozen=True)
class Guise:
    """Language, theme and size of screen. axe looks in two of them, which differ in everything."""

    language: str
    theme: str
    width: int
    height: int
    has_axe: bool

    def __str__(self) -> str:
        return f"{self.language}, {self.theme}, {self.width} px"


GUISES = (
    Guise("zh-hans", "light", 1280, 800, has_axe=True),
    Guise("en", "dark", 390, 844, has_axe=True),
    Guise("zh-hans", "dark", 390, 844, has_axe=False),
    Guise("en", "light", 1280, 800, has_axe=False),
)


def view_of(path: str) -> str:
    try:
        return resolve(path.partition("?")[0]).view_name
    except Resolver404:
        return path


def links(html: str) -> Iterator[str]:
    """Addresses of our own that the page leads to, without what is no page."""
    for link in HREF.findall(html):
        path = link.replace("&amp;", "&")
        if not NOT_PAGES.search(path.partition("?")[0]):
            yield path


def walk(client: Client, start: str) -> list[str]:
    """One or two addresses of each view that can be reached by links."""
    found, waiting, seen, per_view = list[str](), [start], {start}, dict[str, int]()
    while waiting:
        path = waiting.pop(0)
        answer = client.get(path)
        assert answer.status_code == 200, f"{path} answers {answer.status_code}"
        found.append(path)
        for link in links(answer.content.decode()):
            view = view_of(link)
            if link not in seen and per_view.get(view, 0) < PAGES_PER_VIEW:
                per_view[view] = per_view.get(view, 0) + 1
                seen.add(link)
                waiting.append(link)
    return found


def complaints(page: Page, guise: Guise, english: frozenset[str]) -> list[str]:
    found = looking.policy_violations(page) + looking.overflow(page)
    if guise.has_axe:
        found += looking.accessibility_violations(page)
    if guise.language == "zh-hans":
        found += looking.english_left(page, english)
    return found


def test_every_page_is_accessible_complete_and_keeps_to_its_policy(
    open_as: Callable[..., Page], keep_picture: Callable[[Page, str], None], client: Client
):
    admin: Any = town.build()
    client.force_login(admin, backend="accounts.rights.RememberingBackend")
    paths = walk(client, "/")
    assert len(paths) > 25
    page, english = open_as(admin, "/"), looking.untranslatable_words()
    found: set[str] = set()
    for guise in GUISES:
        admin.locale, admin.theme = guise.language, guise.theme
        admin.save()
        page.set_viewport_size({"width": guise.width, "height": guise.height})
        for path in paths:
            page.goto(path)
            found |= {f"{path} ({guise}): {complaint}" for complaint in complaints(page, guise, english)}
            keep_picture(page, f"{view_of(path).replace(':', '-')}-{guise.language}-{guise.theme}-{guise.width}")
    assert not found, "\n".join(sorted(found))
