"""Health, metrics, and the pages for what went wrong."""

import os

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest, multiprocess

from kernel import correlation, health, metrics, problems
from kernel.middleware import wants_json


def healthz(request: HttpRequest) -> HttpResponse:
    """This process lives. Looks at nothing else, so that a database outage restarts nobody."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:
    """Each part, its state and lag; 503 only when requests cannot be served."""
    serving, report = health.report()
    return JsonResponse(report, status=200 if serving else 503)


def prometheus(request: HttpRequest) -> HttpResponse:
    """The figures of this process (of all web processes when PROMETHEUS_MULTIPROC_DIR is set) and of the work tables."""
    registry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    figures = generate_latest(registry) + generate_latest(metrics.table_figures())
    return HttpResponse(figures, content_type=CONTENT_TYPE_LATEST)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 400, "bad_request", "The request could not be read")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 403, "forbidden", "Not allowed")


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 404, "not_found", "Not found")


def server_error(request: HttpRequest) -> HttpResponse:
    return _error(request, 500, "internal_error", "Something broke on our side")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _error(request, 403, "csrf_failed", "The form was not sent from our page", template="403_csrf.html")


def _error(request: HttpRequest, status: int, code: str, title: str, template: str = "") -> HttpResponse:
    """A page for people, a problem document for machines; if even the page breaks, the plain sentence."""
    if wants_json(request):
        document = problems.problem(status=status, code=code, title=title, instance=request.path)
        return JsonResponse(document, status=status, content_type=problems.CONTENT_TYPE)
    context = {"trace_id": correlation.current()}
    try:
        return HttpResponse(render_to_string(template or f"{status}.html", context, request), status=status)
    except Exception as error:
        if not isinstance(error, TemplateDoesNotExist):
            health.log.warning("error_page_failed", status=status, error=type(error).__name__)
        text = f"{title}. Trace id: {context['trace_id']}"
        return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
