"""What every page needs to draw its frame: the menu this person may use, the language and the theme."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.navigation import menu_for
from accounts.views.appearance import theme_of


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context of templates/base.html; lazy where it costs something, because fragments never draw the menu."""
    return {
        "shell_menu": lambda: menu_for(request),
        "shell_theme": theme_of(request),
        "shell_languages": settings.LANGUAGES,
        "shell_zone": settings.OMS_DISPLAY_ZONE,
        "is_fragment": bool(getattr(request, "htmx", False)),
    }
