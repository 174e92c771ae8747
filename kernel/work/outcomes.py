"""How a try ends. Every write asks for the token of the claim, so that a worker that was too slow changes nothing."""

import datetime
import random
import traceback
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Greatest

from kernel import clock, doorbell
from kernel.errors import BusinessError
from kernel.models.work import ErrorClass, WorkRow, WorkState
from kernel.work.registry import dead_hooks
from kernel.work.verdicts import Dead, Defer, Ignore, LeaseLost, Retry

log = structlog.get_logger("work")

BACKOFF_FACTOR = 4
_ROOT = Path(__file__).resolve().parents[2]


def done(row: WorkRow) -> None:
    """The work is finished. Raises LeaseLost when the row is no longer ours: let that roll the transaction back."""
    if done_many(type(row), [row]) != 1:
        raise LeaseLost(str(row))


def done_many(model: type[WorkRow], rows: Sequence[WorkRow]) -> int:
    """Finish rows of one claim in one statement; answers how many were still ours."""
    if not rows:
        return 0
    now = clock.now()
    ours = model._default_manager.filter(pk__in=[row.pk for row in rows], token=rows[0].token, state=WorkState.RUNNING)
    finished = ours.update(state=WorkState.DONE, finished_at=now, lease_until=None, token=None)
    for row in rows:
        row.state, row.finished_at = WorkState.DONE, now
    return finished


@contextmanager
def settle(row: WorkRow) -> Iterator[None]:
    """For outbound handlers: what is written inside and "done" commit together, or, when the lease is lost, neither."""
    with transaction.atomic():
        yield
        done(row)


def fail(row: WorkRow, error: Exception) -> str:
    """Record a failed try: ready again after a back-off, or dead. Answers with the new state; "" when the lease was
    lost.
    """
    if isinstance(error, Defer):
        return defer(row, error.until, error.reason, error_class=error.error_class)
    if isinstance(error, Ignore):
        return _write(row, state=WorkState.DISCARDED, finished_at=clock.now(), discarded_reason=error.reason[:255])
    now = clock.now()
    error_class, code, detail = describe(error)
    is_dead = isinstance(error, Dead) or row.attempts >= row.max_attempts
    state = _write(
        row,
        state=WorkState.DEAD if is_dead else WorkState.READY,
        next_attempt_at=now + back_off(row.attempts),
        error_class=error_class,
        last_error_code=code[:80],
        last_error=detail[:1000],
        first_failed_at=row.first_failed_at or now,
        last_failed_at=now,
        finished_at=now if is_dead else None,
    )
    log.warning("work_failed", kind=type(row).__name__, uid=str(row.uid), code=code, attempts=row.attempts, state=state)
    if state == WorkState.DEAD:
        mourn(row)
    return state


def defer(row: WorkRow, until: datetime.datetime, reason: str, *, error_class: str = "") -> str:
    """Put a row off without using up its attempt (breaker, rate limit, token)."""
    return _write(
        row,
        state=WorkState.READY,
        attempts=max(row.attempts - 1, 0),
        next_attempt_at=until,
        error_class=error_class,
        last_error_code="deferred" if reason else "",
        last_error=reason[:1000],
    )


def release(rows: Sequence[WorkRow]) -> int:
    """Give claimed rows back untried."""
    if not rows:
        return 0
    ours = type(rows[0])._default_manager.filter(
        pk__in=[row.pk for row in rows], token=rows[0].token, state=WorkState.RUNNING
    )
    untried = Greatest(F("attempts") - Value(1), Value(0))
    return ours.update(state=WorkState.READY, attempts=untried, lease_until=None, token=None)


def replay(model: type[WorkRow], uids: Iterable[Any], *, states: Sequence[str] = (WorkState.DEAD,)) -> int:
    """Let dead rows (or discarded ones, if `states` says so) run again with a new set of attempts. Answers how many."""
    return replay_matching(model, Q(uid__in=list(uids)), states=states)


def replay_matching(model: type[WorkRow], where: Q, *, states: Sequence[str] = (WorkState.DEAD,)) -> int:
    """As `replay`, for all rows that match: one statement for any number of dead letters."""
    with transaction.atomic():
        rows: QuerySet[Any] = model._default_manager.filter(where, state__in=states)
        count = rows.update(
            state=WorkState.READY,
            attempts=0,
            replays=F("replays") + 1,
            next_attempt_at=clock.now(),
            finished_at=None,
            discarded_reason="",
        )
        if count:
            doorbell.ring(model)
    return count


def discard(model: type[WorkRow], uids: Iterable[Any], *, reason: str) -> int:
    """Close dead or waiting rows for good with a person's reason. Answers how many."""
    rows = model._default_manager.filter(uid__in=list(uids), state__in=[WorkState.DEAD, WorkState.READY])
    return rows.update(state=WorkState.DISCARDED, discarded_reason=reason[:255], finished_at=clock.now())


def mourn(row: WorkRow) -> None:
    """Tell those who asked to hear of dead rows; a hook that fails is logged and changes nothing else."""
    for hook in dead_hooks(type(row)):
        try:
            with transaction.atomic():
                hook(row)
        except Exception:
            log.exception("dead_hook_failed", kind=type(row).__name__, uid=str(row.uid))


def back_off(attempts: int) -> datetime.timedelta:
    """How long to wait after this many attempts: 5, 20, 80 s (OMS_WORK_BACKOFF_SECONDS × 4ⁿ), each ± 30 % by chance."""
    base: int = settings.OMS_WORK_BACKOFF_SECONDS
    return datetime.timedelta(seconds=base * BACKOFF_FACTOR ** (max(attempts, 1) - 1) * random.uniform(0.7, 1.3))


def describe(error: Exception) -> tuple[str, str, str]:
    """Class, code and text of a failure. An unforeseen exception's own message may quote data, so its place is told
    instead.
    """
    if isinstance(error, Retry):
        return error.error_class, error.code, error.detail or error.code
    if isinstance(error, BusinessError):
        return ErrorClass.BUSINESS, error.code, f"{error.detail} {error.advice}".strip()
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(str(_ROOT))]
    frames = [frame for frame in frames if "/.venv/" not in frame.filename and "/kernel/work/" not in frame.filename]
    name = type(error).__name__
    place = ""
    if frames:
        place = f" at {Path(frames[-1].filename).relative_to(_ROOT)}:{frames[-1].lineno} in {frames[-1].name}"
    is_timeout = isinstance(error, TimeoutError) or "Timeout" in name or "TimeLimit" in name
    return (ErrorClass.TIMEOUT if is_timeout else ErrorClass.UNKNOWN), name, f"{name}{place}"


def _write(row: WorkRow, *, state: str, **changes: Any) -> str:
    changes |= {"state": state, "lease_until": None, "token": None}
    ours = type(row)._default_manager.filter(pk=row.pk, token=row.token, state=WorkState.RUNNING)
    if ours.update(**changes) != 1:
        log.warning("lease_lost", kind=type(row).__name__, uid=str(row.uid))
        return ""
    for name, value in changes.items():
        setattr(row, name, value)
    return state


def is_foreseen(error: Exception) -> bool:
    """Whether somebody thought of this failure; the others are logged with their traceback."""
    return isinstance(error, Retry | Defer | Ignore | BusinessError)
