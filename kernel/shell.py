"""What an app hands to the page shell: menu entries (`<app>/menu.py`), the looks of its states (`<app>/badges.py`)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.apps import apps
from django.conf import settings
from django.utils.functional import Promise

Text = str | Promise

SECTIONS = ("work", "stock", "money", "operations", "administration")


@dataclass(frozen=True)
class MenuItem:
    """One line of the side menu; `permission` names what a person needs to see it, empty means everybody."""

    label: Text
    url_name: str
    icon: str
    permission: str = ""
    order: int = 100
    section: str = "work"


@dataclass(frozen=True)
class Look:
    """How a state is shown: a word, a tone (neutral, info, good, warn, bad) and an icon, never colour alone."""

    word: Text
    tone: str
    icon: str


UNKNOWN_TONE, UNKNOWN_ICON = "neutral", "help-circle"


@cache
def menu_items() -> tuple[MenuItem, ...]:
    """Every app's menu entries, in the order of the sections and then of their own numbers."""
    items = [item for module in _modules("menu") for item in module.MENU]
    return tuple(sorted(items, key=lambda item: (SECTIONS.index(item.section), item.order)))


@cache
def looks() -> dict[str, dict[str, Look]]:
    """Every app's state looks by kind, for example `looks()["order"]["shipped"]`. Several apps may add to one kind."""
    found: dict[str, dict[str, Look]] = {}
    for module in _modules("badges"):
        for kind, entries in module.BADGES.items():
            found.setdefault(kind, {}).update(entries)
    return found


def look(kind: str, value: object) -> Look:
    """The look of one state; a state nobody described shows its code rather than hiding it."""
    return looks().get(kind, {}).get(str(value)) or Look(str(value), UNKNOWN_TONE, UNKNOWN_ICON)


def _modules(name: str) -> Iterator[ModuleType]:
    for config in apps.get_app_configs():
        if config.path.startswith(str(settings.BASE_DIR)) and find_spec(f"{config.name}.{name}") is not None:
            yield import_module(f"{config.name}.{name}")
