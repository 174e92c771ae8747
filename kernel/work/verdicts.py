"""What a handler may say about a try that did not simply succeed. Texts must not hold personal data: they are shown and
logged.
"""

from datetime import datetime


class Retry(Exception):
    """It failed and may succeed later; after the last attempt the row is dead."""

    def __init__(self, code: str, detail: str = "", error_class: str = "unknown") -> None:
        super().__init__(detail or code)
        self.code = code
        self.detail = detail
        self.error_class = error_class


class Dead(Retry):
    """It failed and trying again cannot help: dead at once, for a person to look at."""


class Defer(Exception):
    """Not now: a breaker is open, a rate limit is used up, a token is being renewed. Uses up no attempt."""

    def __init__(self, until: datetime, reason: str, error_class: str = "") -> None:
        super().__init__(reason)
        self.until = until
        self.reason = reason
        self.error_class = error_class


class Ignore(Exception):
    """There is nothing to do, and that is not an error. The row is discarded with this reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class LeaseLost(Exception):
    """The row is not ours any more (the lease ran out and somebody else has it): whatever we did must not be committed."""
