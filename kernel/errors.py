"""Errors that the business expects: a class named for the fact, a stable code, data, and what to do about it.

Each app's `errors.py` subclasses these; caught at the entry point and told as a page, toast or problem document.
"""

from typing import Any

from django.utils.functional import Promise


class BusinessError(Exception):
    """Something the business foresees. `detail` says what happened to this case, `advice` what to do next.

    `data` are machine-readable facts without personal data; they go into the problem document.
    """

    code = "business_error"
    title: str | Promise = "The request was refused"
    status = 409

    def __init__(self, detail: str = "", *, advice: str = "", **data: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = str(detail or self.title)
        self.advice = str(advice)
        self.data = data


class Refused(BusinessError):
    """The present state of things does not allow it."""

    code = "refused"


class InvalidInput(BusinessError):
    """The request itself is wrong. `errors` are dictionaries of path, code and message, one a finding."""

    code = "invalid_input"
    title = "The input is not valid"
    status = 422

    def __init__(
        self, detail: str = "", *, errors: list[dict[str, str]] | None = None, advice: str = "", **data: Any
    ) -> None:
        super().__init__(detail, advice=advice, **data)
        self.errors = errors or []


class NotFound(BusinessError):
    """There is no such thing, or the asker may not know of it."""

    code = "not_found"
    title: str | Promise = "Not found"
    status = 404


class Forbidden(BusinessError):
    """The asker is known and may not do this."""

    code = "forbidden"
    title = "Not allowed"
    status = 403


class TooMany(BusinessError):
    """Too many requests: try again after `retry_after` seconds."""

    code = "too_many_requests"
    title = "Too many requests"
    status = 429

    def __init__(self, detail: str = "", *, retry_after: int = 1, advice: str = "", **data: Any) -> None:
        super().__init__(detail, advice=advice, **data)
        self.retry_after = retry_after


class IdempotencyMismatch(BusinessError):
    """The same idempotency key came with another body."""

    code = "idempotency_mismatch"
    title = "This idempotency key was used with a different body"
