"""Language and theme: kept on the person, or in a cookie before log-in; drawn by the server, so nothing flashes."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

THEMES = ("light", "dark", "auto")
THEME_COOKIE = "theme"
YEAR_SECONDS = 365 * 24 * 3600


def theme_of(request: HttpRequest) -> str:
    """The theme the page is drawn in; `auto` follows the machine."""
    user = getattr(request, "user", None)
    chosen = getattr(user, "theme", "") or request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "auto"


@login_not_required
@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Takes the switches in the top bar: `theme` or `language`, then goes back to the page they were pressed on."""
    response = HttpResponseRedirect(_safe_next(request))
    theme, language = request.POST.get("theme", ""), request.POST.get("language", "")
    changed = []
    if theme in THEMES:
        response.set_cookie(THEME_COOKIE, theme, max_age=YEAR_SECONDS, samesite="Lax", httponly=True)
        changed.append(("theme", theme))
    if language in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR_SECONDS, samesite="Lax")
        changed.append(("locale", language))
    if request.user.is_authenticated and changed:
        for field, value in changed:
            setattr(request.user, field, value)
        request.user.save(update_fields=[field for field, _value in changed])
    return response


def _safe_next(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    return target if url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()) else "/"
