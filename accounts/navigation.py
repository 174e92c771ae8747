"""The side menu: which of the apps' entries a person may see, grouped under headings, with the current one marked."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from kernel.shell import SECTIONS, MenuItem, Text, menu_items

HEADINGS = {
    "work": _("Daily work"),
    "stock": _("Goods"),
    "money": _("Money"),
    "operations": _("Operations"),
    "administration": _("Administration"),
}


@dataclass(frozen=True)
class MenuLink:
    """A menu entry with its address."""

    label: Text
    icon: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class MenuGroup:
    """The entries under one heading."""

    heading: Text
    links: tuple[MenuLink, ...]


def menu_for(request: HttpRequest) -> list[MenuGroup]:
    """The menu of the person who asks: entries without the permission are left out, empty headings too."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    allowed = [item for item in menu_items() if not item.permission or user.has_perm(item.permission)]
    placed = [(item, url) for item in allowed if (url := _url(item))]
    current = _current(request.path, [url for _item, url in placed])
    groups = []
    for section in SECTIONS:
        links = tuple(
            MenuLink(item.label, item.icon, url, url == current) for item, url in placed if item.section == section
        )
        if links:
            groups.append(MenuGroup(HEADINGS[section], links))
    return groups


def _url(item: MenuItem) -> str:
    try:
        return reverse(item.url_name)
    except NoReverseMatch:
        return ""


def _current(path: str, urls: list[str]) -> str:
    """The longest menu address that the page lies under, so that an order's page lights up the order list."""
    matches = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(matches, key=len, default="")
