"""One HTTP call to a platform, and what its failure means: may it have taken effect, and is trying again of use."""

from typing import Any

import httpx

from channels_sync.connectors.base import CallFailed, ErrorClass
from channels_sync.connectors.reading import Malformed, parse_json


def call(http: httpx.Client, method: str, path: str, **arguments: Any) -> httpx.Response:
    """Send one request; anything but 2xx is a CallFailed that says what to do next."""
    try:
        response = http.request(method, path, **arguments)
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        raise CallFailed("timeout", "unreachable", f"cannot connect: {type(error).__name__}") from error
    except httpx.TimeoutException as error:
        raise CallFailed("timeout", "timeout", "no answer in time", is_outcome_known=False) from error
    except httpx.HTTPError as error:
        raise CallFailed(
            "timeout", "connection_lost", f"lost: {type(error).__name__}", is_outcome_known=False
        ) from error
    if response.is_success:
        return response
    raise failure(response)


def call_json(http: httpx.Client, method: str, path: str, **arguments: Any) -> Any:
    return answer(call(http, method, path, **arguments))


def answer(response: httpx.Response) -> Any:
    try:
        return parse_json(response.content)
    except Malformed as error:
        raise CallFailed("schema", "unreadable_answer", str(error), is_outcome_known=False) from error


def failure(response: httpx.Response) -> CallFailed:
    status = response.status_code
    return CallFailed(
        error_class_of(status),
        f"http_{status}",
        f"HTTP {status}: {response.text[:200]}",
        is_outcome_known=status < 500 and status != 408,
        retry_after=retry_after(response),
    )


def error_class_of(status: int) -> ErrorClass:
    if status in (401, 403):
        return "auth"
    named: dict[int, ErrorClass] = {408: "timeout_408", 429: "rate_limit"}
    return named.get(status, "server" if status >= 500 else "business")


def retry_after(response: httpx.Response) -> float | None:
    text = response.headers.get("retry-after", "")
    return min(float(text), 3600.0) if text.replace(".", "", 1).isdigit() else None
