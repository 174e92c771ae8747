"""The short way for doors that machines use hundreds of times a second: webhooks, reservations, scans.

A view marked with `@short_way` is called without sessions, messages, templates' headers and the rest of the middleware:
it has its own check of who calls, answers bytes, and is safe to call twice. It keeps the correlation id and business
errors as problem documents; only refusals are logged, for the row it wrote tells the rest.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import ResolverMatch, resolve
from django.utils import translation

from kernel import correlation, problems
from kernel.errors import BusinessError

log = structlog.get_logger("http")
View = Callable[..., HttpResponse]


def short_way(view: View) -> View:
    """Mark a view. It must be idempotent: when the database connection turns out to be dead it is called again.

    Asking the connection first, as other requests do, would cost every call a round trip.
    """

    @wraps(view)
    def called(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        connection.health_check_done = True  # type: ignore[attr-defined]
        try:
            return view(request, *args, **kwargs)
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block:
                raise
            connection.close()
            return view(request, *args, **kwargs)

    called.goes_short_way = True  # type: ignore[attr-defined]
    return called


class ShortWayMiddleware:
    """Stands first. Under the paths of OMS_SHORT_WAYS it calls marked views itself; everything else goes the long way."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(settings.OMS_SHORT_WAYS):
            return self.get_response(request)
        match = _find(request.path_info)
        if match is None:
            return self.get_response(request)
        request.resolver_match = match
        return _answer(request, match)


@lru_cache(maxsize=1024)
def _find(path: str) -> ResolverMatch | None:
    """The marked view of a path, or None. Doors are few and knocked at often, so the search is remembered."""
    try:
        match = resolve(path)
    except Http404:
        return None
    return match if getattr(match.func, "goes_short_way", False) else None


def _answer(request: HttpRequest, match: ResolverMatch) -> HttpResponse:
    with correlation.bound(correlation.accept(request.headers.get(correlation.HEADER))) as correlation_id:
        try:
            with translation.override("en"):  # as the long way answers machines
                response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        except BusinessError as error:
            response = problems.respond(request, error)
        if response.status_code >= 400:
            log.info("request", method=request.method, path=request.path, status=response.status_code)
        response[correlation.HEADER] = correlation_id
        response.headers.setdefault("Content-Length", str(len(response.content)))
        return response
