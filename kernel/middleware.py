"""The two ends of every request: the correlation id it carries, and the errors that the business foresaw."""

import json
import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from kernel import correlation, problems
from kernel.errors import BusinessError, InvalidInput

log = structlog.get_logger("http")
MACHINE_PATHS = ("/api/", "/hooks/")
UNLOGGED_PATHS = ("/healthz", "/readyz", "/metrics", "/static/")


class CorrelationMiddleware:
    """Binds the caller's `X-Request-Id`, or a new id, answers with it, and writes one log line a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with correlation.bound(correlation.accept(request.headers.get(correlation.HEADER))) as correlation_id:
            started = time.perf_counter()
            response = self.get_response(request)
            response[correlation.HEADER] = correlation_id
            if not request.path.startswith(UNLOGGED_PATHS):
                log.info(
                    "request",
                    method=request.method,
                    path=request.path,
                    status=response.status_code,
                    ms=round((time.perf_counter() - started) * 1000, 1),
                )
            return response


class BusinessErrorMiddleware:
    """Tells a BusinessError that a view let through as a problem document, a toast or a page, as the caller reads.

    A NUL character in an address is refused here, once for all views: PostgreSQL's texts cannot hold it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        if "\0" in request.path or "%00" in request.META["QUERY_STRING"]:
            return self.process_exception(request, InvalidInput(_("The address has a NUL character in it.")))
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, BusinessError):
            return None
        log.info("refused", code=exception.code, status=exception.status, path=request.path)
        if wants_json(request):
            return problems.respond(request, exception)
        if request.headers.get("HX-Request"):
            return toast(exception)
        return page(request, exception)


def wants_json(request: HttpRequest) -> bool:
    """Machines get problem documents: the API, the webhooks, and whoever asks for JSON before HTML."""
    if request.path.startswith(MACHINE_PATHS):
        return True
    return request.accepts("application/json") and not request.accepts("text/html")


def toast(error: BusinessError) -> HttpResponse:
    """For HTMX: nothing on the page is replaced, the reason appears as a toast."""
    response = HttpResponse(status=error.status)
    text = f"{error.detail} {error.advice}".strip()
    response["HX-Reswap"] = "none"
    response["HX-Trigger"] = json.dumps({"toast": {"tone": "bad", "text": text}})
    return response


def page(request: HttpRequest, error: BusinessError) -> HttpResponse:
    """For people: `errors/business.html` with `error` and `trace_id`."""
    context = {"error": error, "trace_id": correlation.current()}
    try:
        return HttpResponse(render_to_string("errors/business.html", context, request), status=error.status)
    except TemplateDoesNotExist:
        return problems.respond(request, error)
