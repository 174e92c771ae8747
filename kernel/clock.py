"""The only clock of the product. Inside it, every time is aware and in UTC; zones exist at the doors alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)

# What platforms send instead of "there is no such time".
NO_TIME = {"", "0", "null", "0001-01-01 00:00:00", "0001-01-01t00:00:00", "0000-00-00 00:00:00", "0000-00-00"}


def now() -> datetime:
    """This instant, aware, in UTC."""
    return _moment.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let `now()` be another instant inside the block: for demo data and for playing the past again."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)


def business_date(at: datetime, zone: str) -> date:
    """The calendar day of an instant in a shop's zone: 2026-01-01T17:00Z is 2 January in Asia/Shanghai."""
    return at.astimezone(ZoneInfo(zone)).date()


def parse(text: str | None, zone: str) -> datetime | None:
    """Read ISO 8601 or `YYYY-MM-DD HH:MM:SS`; without an offset meant in `zone`. Aware UTC, or None for "no time".

    Raises ValueError when the text is no time at all.
    """
    if text is None or text.strip().lower().removesuffix("z") in NO_TIME:
        return None
    at = datetime.fromisoformat(text.strip().replace("/", "-"))
    if at.tzinfo is None:
        at = at.replace(tzinfo=ZoneInfo(zone))
    return at.astimezone(UTC)


def from_epoch(value: int | str | None, *, unit: str = "s") -> datetime | None:
    """Read a Unix time in seconds (`unit="s"`) or milliseconds (`"ms"`). None and 0 mean "no time"."""
    number = int(value or 0)
    if number == 0:
        return None
    return datetime.fromtimestamp(number / (1000 if unit == "ms" else 1), UTC)
