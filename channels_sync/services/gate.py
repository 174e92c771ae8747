"""May we call this platform now? A rate limit that all workers share, and a breaker for a platform that fails.

Both are columns of the connection, changed by conditional updates: whoever's update counts one row, won.
"""

import random
import time
from datetime import datetime, timedelta

from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from channels_sync.connectors.base import CallFailed
from channels_sync.models import BreakerReason, Connection, OrderFetch, ShipmentPush
from kernel import clock, notifications, work

# A tenth of the allowance may be used at once; what is left is spread, so that no minute sees more than the limit.
BURST_SHARE = 0.1
# A worker waits this long for its turn itself; a longer wait goes back into the table.
PATIENCE_SECONDS = 2.0
FAILURES_TO_OPEN = 5
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=10)
PROBE_LEASE = timedelta(seconds=60)
PLATFORM_IS_FAILING = frozenset({"timeout", "timeout_408", "server"})
DEFAULT_RETRY_SECONDS = 5.0
WAITING = (ShipmentPush, OrderFetch)


def take_turn(connection_id: int, rate_per_minute: int) -> None:
    """Count one call against the shop's allowance, waiting a moment for it if need be."""
    patience_ends = time.monotonic() + PATIENCE_SECONDS
    while not _take(connection_id, rate_per_minute):
        wait = _seconds_to_turn(connection_id, rate_per_minute)
        if time.monotonic() + wait > patience_ends:
            detail = "our own limit for this platform is used up"
            raise CallFailed("rate_limit", "own_rate_limit", detail, retry_after=wait)
        time.sleep(wait)


def _spacing(rate_per_minute: int) -> tuple[timedelta, timedelta]:
    """How far apart calls are in the long run, and how much of that may be used ahead of time."""
    burst = max(1, int(rate_per_minute * BURST_SHARE))
    step = timedelta(minutes=1) / max(1, rate_per_minute - burst)
    return step, step * (burst - 1)


def _take(connection_id: int, rate_per_minute: int) -> bool:
    now = clock.now()
    step, ahead = _spacing(rate_per_minute)
    free = Connection.objects.filter(pk=connection_id, next_call_at__lte=now + ahead)
    return free.update(next_call_at=Greatest(F("next_call_at"), Value(now)) + step) == 1


def _seconds_to_turn(connection_id: int, rate_per_minute: int) -> float:
    next_call_at = Connection.objects.values_list("next_call_at", flat=True).get(pk=connection_id)
    _step, ahead = _spacing(rate_per_minute)
    return max(0.01, (next_call_at - ahead - clock.now()).total_seconds())


def require_closed_breaker(connection: Connection) -> None:
    """Raise Defer while the breaker is open. When its pause is over, one caller goes ahead and tries."""
    until = connection.breaker_open_until
    if until is None:
        return
    now = clock.now()
    if until <= now:
        trying = Connection.objects.filter(pk=connection.pk, breaker_open_until=until)
        if trying.update(breaker_open_until=now + PROBE_LEASE) == 1:
            return
        until = now + PROBE_LEASE
    reason, error_class = _told(connection)
    raise work.Defer(until + _jitter(), reason, error_class)


def note_success(connection: Connection) -> None:
    """The platform answers: close the breaker and let what waited for it run at once."""
    now = clock.now()
    was_open = Connection.objects.filter(pk=connection.pk).exclude(breaker_failures=0, breaker_open_until=None)
    closed = was_open.update(
        breaker_failures=0,
        breaker_open_until=None,
        breaker_opened_at=None,
        breaker_reason=BreakerReason.NONE,
        last_call_ok_at=now,
    )
    if closed:
        wake_waiting(connection.pk)
    else:
        Connection.objects.filter(pk=connection.pk).update(last_call_ok_at=now)


def wake_waiting(connection_id: int) -> None:
    """Rows that were put off for this connection are due now."""
    for model in WAITING:
        waiting = model.objects.filter(connection_id=connection_id, state=work.WorkState.READY)
        if waiting.update(next_attempt_at=clock.now()):
            work.ring(model)


def note_failure(connection: Connection, failed: CallFailed) -> Exception:
    """Record a failed call on the connection; answers with what it means for the row that made it."""
    now = clock.now()
    mine = Connection.objects.filter(pk=connection.pk)
    if failed.error_class == "rate_limit":
        wait = timedelta(seconds=failed.retry_after or DEFAULT_RETRY_SECONDS)
        if failed.code != "own_rate_limit":
            mine.update(next_call_at=Greatest(F("next_call_at"), Value(now + wait)))
        return work.Defer(now + wait + _jitter(), failed.detail, "rate_limit")
    if failed.error_class == "business":
        # It answers, and says no: nothing is wrong with the platform.
        note_success(connection)
    mine.update(last_call_failed_at=now, last_failure=f"{failed.error_class} {failed.code}"[:255])
    if failed.error_class == "auth":
        until = _open(connection, BreakerReason.AUTH, now)
        _tell_of_token(connection)
        return work.Defer(until + _jitter(), failed.detail, "auth")
    if failed.error_class in PLATFORM_IS_FAILING:
        _count_failure(connection, now)
    return work.Retry(failed.code, failed.detail, failed.error_class)


def _count_failure(connection: Connection, now: datetime) -> None:
    mine = Connection.objects.filter(pk=connection.pk)
    mine.update(breaker_failures=F("breaker_failures") + 1)
    if mine.filter(breaker_failures__gte=FAILURES_TO_OPEN).exists():
        _open(connection, BreakerReason.FAILURES, now)


def _open(connection: Connection, reason: str, now: datetime) -> datetime:
    """Open, or stay open longer: each failed try doubles the pause."""
    since = connection.breaker_opened_at or now
    until = now + min(max(FIRST_PAUSE, now - since), LONGEST_PAUSE)
    Connection.objects.filter(pk=connection.pk).update(
        breaker_reason=reason,
        breaker_open_until=until,
        breaker_opened_at=since,
        breaker_failures=Greatest(F("breaker_failures"), Value(1)),
    )
    return until


def _told(connection: Connection) -> tuple[str, str]:
    if connection.breaker_reason == BreakerReason.AUTH:
        return "the platform refuses our token", "auth"
    return "the platform is failing and is left alone for a while", "server"


def _tell_of_token(connection: Connection) -> None:
    code = connection.shop.code
    notifications.notify(
        kind="channel_token",
        level="failure",
        title=_("%(shop)s: the platform refuses our token") % {"shop": code},
        body=_("Calls wait and go on by themselves once the credentials are renewed."),
        link=f"/channels/{code}/",
        dedupe_key=f"token|{code}|{connection.credentials_changed_at:%Y%m%d%H%M%S}|{clock.now():%Y%m%d}",
    )


def _jitter() -> timedelta:
    return timedelta(seconds=random.uniform(0, 2))
