"""What a person may do, remembered by each process for a few seconds: every page and scan asks, and it costs four queries.

Whatever changes rights in this process forgets at once (handlers.py, scope.py); the others learn of it within their few
seconds.
"""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.backends import ModelBackend

from accounts.models import User

T = TypeVar("T")
REMEMBERED_SECONDS = 5.0
MOST_PEOPLE = 10_000

_known: dict[tuple[int, str], tuple[float, Any]] = {}


def remembered(user_id: int, what: str, look_up: Callable[[], T]) -> T:
    """The answer to `what` about this person, at most five seconds old."""
    now = time.monotonic()
    known = _known.get((user_id, what))
    if known is not None and known[0] > now:
        answer: T = known[1]
        return answer
    if len(_known) > MOST_PEOPLE:
        _known.clear()
    answer = look_up()
    _known[user_id, what] = (now + REMEMBERED_SECONDS, answer)
    return answer


def forget_rights(**_signal: object) -> None:
    _known.clear()


class RememberingBackend(ModelBackend):
    """Django's own, which does not ask again on the next request."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if obj is not None or not user_obj.is_active or not isinstance(user_obj, User):
            return super().get_all_permissions(user_obj, obj)
        if "_perm_cache" not in user_obj.__dict__:
            look_up = super().get_all_permissions
            user_obj.__dict__["_perm_cache"] = remembered(user_obj.pk, "permissions", lambda: look_up(user_obj))
        permissions: set[str] = user_obj.__dict__["_perm_cache"]
        return permissions
