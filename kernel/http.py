"""Calling other people's servers: one way to make a client, one way to name what went wrong. Free of Django.

Retries and breakers are work rows and columns, so a client tries once.
"""

from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from kernel import clock, correlation

TIMEOUT_SECONDS = 10.0
CONNECT_SECONDS = 3.0
USER_AGENT = "oms/1.0"

_BY_STATUS = {401: "auth", 403: "auth", 408: "timeout_408", 429: "rate_limit"}


def client(base_url: str = "", *, timeout: float = TIMEOUT_SECONDS, **options: Any) -> httpx.Client:
    """An HTTP client that gives up in time, follows no redirect and carries the correlation id on every request."""
    return httpx.Client(
        base_url=base_url,
        timeout=httpx.Timeout(timeout, connect=min(CONNECT_SECONDS, timeout)),
        follow_redirects=False,
        headers={"User-Agent": USER_AGENT},
        event_hooks={"request": [_carry_correlation]},
        **options,
    )


def classify(outcome: Exception | httpx.Response) -> str:
    """The error class of a failed call: timeout, timeout_408, auth, rate_limit, schema, server, business or unknown.

    After a time-out or a 408 nobody knows whether the call took effect: ask before sending again.
    """
    if isinstance(outcome, httpx.Response):
        return _class_of_status(outcome.status_code)
    if isinstance(outcome, httpx.HTTPStatusError):
        return _class_of_status(outcome.response.status_code)
    if isinstance(outcome, httpx.TimeoutException | TimeoutError):
        return "timeout"
    if isinstance(outcome, httpx.TransportError | ConnectionError):
        return "server"
    if isinstance(outcome, httpx.DecodingError | ValueError | KeyError):
        return "schema"
    return "unknown"


def retry_after(response: httpx.Response) -> float | None:
    """The seconds that a 429 or 503 asks us to wait (given as seconds or as a date), or None."""
    text = response.headers.get("Retry-After", "").strip()
    if text.replace(".", "", 1).isdigit():
        return float(text)
    try:
        return max((parsedate_to_datetime(text) - clock.now()).total_seconds(), 0.0)
    except (TypeError, ValueError):
        return None


def _class_of_status(status: int) -> str:
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status >= 500:
        return "server"
    return "business" if status >= 400 else "unknown"


def _carry_correlation(request: httpx.Request) -> None:
    request.headers.setdefault(correlation.HEADER, correlation.current())
