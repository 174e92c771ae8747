"""Errors as RFC 9457 problem documents, one form for DRF views, plain views and webhooks."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.functional import Promise
from rest_framework import exceptions, status
from rest_framework.response import Response

from kernel import correlation
from kernel.errors import BusinessError, Forbidden, InvalidInput, NotFound, TooMany

CONTENT_TYPE = "application/problem+json"


def problem(
    *, status: int, code: str, title: str | Promise, detail: str = "", instance: str = "", **more: Any
) -> dict[str, Any]:
    """The document itself. `type` is a stable name, not an address that somebody would have to keep alive."""
    return {
        "type": f"urn:oms:problem:{code}",
        "title": str(title),
        "status": status,
        "detail": str(detail),
        "instance": instance,
        "code": code,
        "errors": more.pop("errors", []),
        "trace_id": correlation.current(),
    } | more


def describe(error: BusinessError, instance: str = "") -> dict[str, Any]:
    """A BusinessError as a problem document; `advice` and `data` become members of their own."""
    more: dict[str, Any] = dict(error.data)
    if isinstance(error, InvalidInput):
        more["errors"] = error.errors
    if error.advice:
        more["advice"] = error.advice
    return problem(
        status=error.status,
        code=error.code,
        title=error.title,
        detail=error.detail,
        instance=instance,
        **{key: value for key, value in more.items() if key not in _RESERVED},
    )


_RESERVED = {"type", "title", "status", "detail", "instance", "code", "trace_id"}


def respond(request: HttpRequest, error: BusinessError) -> HttpResponse:
    """For plain views: the problem document as a response, with Retry-After where it belongs."""
    response = JsonResponse(describe(error, request.path), status=error.status, content_type=CONTENT_TYPE)
    return _with_retry_after(response, error)


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's EXCEPTION_HANDLER: None for what nobody foresaw, so that it becomes a logged 500."""
    error = _as_business_error(exc)
    path = context["request"].path if context.get("request") else ""
    if error is not None:
        response = Response(describe(error, path), status=error.status, content_type=CONTENT_TYPE)
        return _with_retry_after(response, error)
    if isinstance(exc, exceptions.APIException):
        return _api_exception(exc, path)
    return None


def _as_business_error(exc: Exception) -> BusinessError | None:
    if isinstance(exc, BusinessError):
        return exc
    if isinstance(exc, Http404):
        return NotFound()
    if isinstance(exc, PermissionDenied | exceptions.PermissionDenied):
        return Forbidden(str(exc) if str(exc) else "")
    if isinstance(exc, exceptions.ValidationError):
        return InvalidInput(errors=flatten(exc.get_full_details()))
    if isinstance(exc, exceptions.Throttled):
        return TooMany(str(exc.detail), retry_after=int(getattr(exc, "wait", None) or 1))
    return None


def _api_exception(exc: exceptions.APIException, path: str) -> Response:
    code = "malformed_body" if isinstance(exc, exceptions.ParseError) else str(exc.default_code)
    title = status_title(exc.status_code)
    data = problem(status=exc.status_code, code=code, title=title, detail=str(exc.detail), instance=path)
    response = Response(data, status=exc.status_code, content_type=CONTENT_TYPE)
    if challenge := getattr(exc, "auth_header", None):
        response["WWW-Authenticate"] = challenge
    return response


def status_title(code: int) -> str:
    return {
        status.HTTP_400_BAD_REQUEST: "The request could not be read",
        status.HTTP_401_UNAUTHORIZED: "Not signed in",
        status.HTTP_405_METHOD_NOT_ALLOWED: "Method not allowed",
        status.HTTP_406_NOT_ACCEPTABLE: "Not acceptable",
        status.HTTP_415_UNSUPPORTED_MEDIA_TYPE: "Unsupported media type",
    }.get(code, "The request was refused")


def flatten(details: Any, path: str = "") -> list[dict[str, str]]:
    """DRF's nested error details as a flat list of path (`lines.0.qty`), code and message."""
    if isinstance(details, dict) and set(details) == {"message", "code"}:
        return [{"path": path, "code": str(details["code"]), "message": str(details["message"])}]
    if isinstance(details, dict):
        steps = [(key, value) for key, value in details.items()]
    else:
        # A list of findings about one field keeps that field's path; a list of items numbers them.
        leaf = all(isinstance(item, dict) and set(item) == {"message", "code"} for item in details)
        steps = [("" if leaf else str(index), value) for index, value in enumerate(details)]
    return [
        found for key, value in steps for found in flatten(value, ".".join(part for part in (path, _step(key)) if part))
    ]


def _step(key: str) -> str:
    return "" if key == "non_field_errors" else str(key)


def _with_retry_after(response: Any, error: BusinessError) -> Any:
    if isinstance(error, TooMany):
        response["Retry-After"] = str(error.retry_after)
    return response
