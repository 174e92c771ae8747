"""Draws each page in the person's language and time zone, and keeps a trace of every refusal."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils import timezone, translation

from accounts.origin import from_request
from accounts.services.note_refusal import note_refusal

Handler = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponseBase]
MACHINE_PATHS = ("/api/", "/hooks/", "/healthz", "/readyz", "/metrics")
ZONE_COOKIE = "zone"


class LogInMiddleware(LoginRequiredMiddleware):
    """Every page needs a log-in unless its view says otherwise. Machines have keys and signatures of their own."""

    def process_view(
        self, request: HttpRequest, view_func: View, view_args: tuple[Any, ...], view_kwargs: dict[Any, Any]
    ) -> HttpResponseBase | None:
        if request.path.startswith(MACHINE_PATHS):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request: HttpRequest, view_func: View) -> HttpResponseBase:  # type: ignore[override]
        if not request.headers.get("HX-Request"):
            return super().handle_no_permission(request, view_func)
        back = urlencode({"next": urlsplit(request.headers.get("HX-Current-URL", "")).path or "/"})
        return HttpResponse(status=401, headers={"HX-Redirect": f"{resolve_url(settings.LOGIN_URL)}?{back}"})


class PersonalSettingsMiddleware:
    """Machines are answered in English without a look at the session; people in their own language and zone."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(MACHINE_PATHS):
            with translation.override("en"):
                return self.get_response(request)
        with translation.override(_language(request)), timezone.override(_zone(request)):
            request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
            response.headers.setdefault("Cache-Control", "private, no-cache")  # the next person at this desk
            return response


class AccessTraceMiddleware:
    """Tells the audit log where a request comes from, and notes every 403."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with from_request(request):
            response = self.get_response(request)
            if response.status_code == 403:
                note_refusal(request)
        return response


def _language(request: HttpRequest) -> str:
    chosen = _of_person(request, "locale") or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _zone(request: HttpRequest) -> ZoneInfo:
    chosen = _of_person(request, "zone") or request.COOKIES.get(ZONE_COOKIE, "") or settings.OMS_DISPLAY_ZONE
    try:
        return ZoneInfo(chosen)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder of zones
        return ZoneInfo(settings.OMS_DISPLAY_ZONE)


def _of_person(request: HttpRequest, field: str) -> str:
    """A setting of whoever is logged in; without a session cookie nobody is, and nothing is looked up."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return ""
    return getattr(request.user, field, "")
