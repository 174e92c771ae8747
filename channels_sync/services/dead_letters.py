"""Dead letters of every kind in one list: deliveries, pushes, fetches, events and whatever else is a work row.

Each kind is asked for its newest rows and the answers are merged, so the list costs one small query a kind.
"""

import heapq
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby, islice
from operator import attrgetter, itemgetter
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Min, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.api import audit
from channels_sync.models import OrderFetch, ShipmentPush
from channels_sync.scope import SOURCE, sees_everything, visible_connections
from kernel import clock, work
from kernel.errors import InvalidInput
from kernel.models import InboxDelivery
from kernel.models.work import WorkState
from kernel.work.outcomes import replay_matching

PERM = "channels_sync.view_inbox"
MOST_AT_ONCE = 1000
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One row that gave up: what it was, why it failed, since when. `key` names it in the list and the API."""

    kind: str
    uid: str
    about: str
    shop: str
    error_class: str
    code: str
    error: str
    attempts: int
    replays: int
    first_failed_at: datetime
    last_failed_at: datetime
    correlation_id: str
    url: str = ""

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.uid}"

    @property
    def cursor(self) -> str:
        """Where a list goes on after this row."""
        return f"{self.last_failed_at.isoformat()}|{self.uid}"


@dataclass(frozen=True, slots=True)
class ErrorGroup:
    """Dead letters with the same error: how many, since when, until when."""

    kind: str
    error_class: str
    code: str
    count: int
    first_failed_at: datetime
    last_failed_at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one chosen dead letter."""

    key: str
    result: str
    about: str = ""


def kinds() -> dict[str, type[work.WorkRow]]:
    """Every kind of work by its table's label."""
    return {model._meta.label_lower: model for model in work.registered()}


def list_dead_letters(
    user: Any, *, filters: dict[str, str] | None = None, cursor: str = "", limit: int = 50
) -> list[DeadLetter]:
    """The newest first. `filters`: kind, error_class, code, shop. `cursor` is that of the last row seen."""
    after = _position(cursor)
    streams = (_newest(model, rows, after, limit) for model, rows in _visible(user, filters or {}))
    merged = heapq.merge(*streams, key=attrgetter("last_failed_at", "uid"), reverse=True)
    return list(islice(merged, limit))


def count_dead_letters(user: Any) -> int:
    return sum(rows.count() for _model, rows in _visible(user, {}))


def group_by_error(user: Any, filters: dict[str, str] | None = None) -> list[ErrorGroup]:
    """What is wrong, the most frequent first."""
    found = []
    for model, rows in _visible(user, filters or {}):
        grouped = (
            rows.order_by()
            .values("error_class", "last_error_code")
            .annotate(count=Count("id"), first=Min("first_failed_at"), last=Max("last_failed_at"))
        )
        found += [
            ErrorGroup(
                model._meta.label_lower, g["error_class"], g["last_error_code"], g["count"], g["first"], g["last"]
            )
            for g in grouped
        ]
    return sorted(found, key=attrgetter("count"), reverse=True)


def replay_dead_letters(user: Any, keys: Iterable[str], *, reason: str = "") -> list[Outcome]:
    """Let the chosen ones run again with fresh attempts. Answers with a result for each."""
    return _act(_Act(user, "replayed", reason, work.replay), keys)


def discard_dead_letters(user: Any, keys: Iterable[str], *, reason: str) -> list[Outcome]:
    """Close the chosen ones for good. The reason is kept with each."""
    if not reason.strip():
        raise InvalidInput(_("Say why: the reason is kept with every closed dead letter."))
    return _act(_Act(user, "discarded", reason, partial(work.discard, reason=reason)), keys)


def replay_group(user: Any, *, kind: str, error_class: str, code: str) -> int:
    """Let all dead letters with one error run again, in one statement. Answers how many."""
    filters = {"kind": kind, "error_class": error_class, "code": code}
    with transaction.atomic():
        chosen = [(model, list(rows.values_list("pk", flat=True))) for model, rows in _visible(user, filters)]
        count = sum(replay_matching(model, Q(pk__in=ids)) for model, ids in chosen)
        audit.record(user, "dead_letter.group_replayed", "kernel.workrow", f"{kind}/{code}", after={"count": count})
    return count


@dataclass(frozen=True, slots=True)
class _Act:
    """What a person does with dead letters: its name in results and audit, and how a table's rows take it."""

    user: Any
    result: str
    reason: str
    run: Callable[[type[work.WorkRow], list[str]], int]


def _act(act: _Act, keys: Iterable[str]) -> list[Outcome]:
    chosen = sorted(set(keys))[:MOST_AT_ONCE]
    outcomes: list[Outcome] = []
    with transaction.atomic():
        for kind, parts in groupby((key.partition(":") for key in chosen), key=itemgetter(0)):
            outcomes += _act_on_kind(act, kind, [uid for _kind, _colon, uid in parts])
    return outcomes


def _act_on_kind(act: _Act, kind: str, uids: list[str]) -> list[Outcome]:
    found: dict[str, str] = {}
    for model, rows in _visible(act.user, {"kind": kind}):
        found = {str(row.uid): _about(row) for row in rows.filter(uid__in=_uuids(uids))}
        act.run(model, list(found))
        for uid, about in found.items():
            name = f"dead_letter.{act.result}"
            audit.record(act.user, name, kind, uid, reason=act.reason, after={"about": about})
    return [Outcome(f"{kind}:{uid}", act.result if uid in found else "not_dead", found.get(uid, "")) for uid in uids]


def _uuids(uids: list[str]) -> list[str]:
    return [uid for uid in uids if UUID.fullmatch(uid)]


def _visible(user: Any, filters: dict[str, str]) -> Iterator[tuple[type[Any], QuerySet[Any]]]:
    """The dead rows of each kind that this person may see and that match."""
    sees_all = sees_everything(user, PERM)
    connections = list(visible_connections(user, PERM))
    if filters.get("shop"):
        connections = [row for row in connections if row.shop.code == filters["shop"]]
    for label, model in kinds().items():
        if filters.get("kind") not in (None, "", label):
            continue
        rows = model._default_manager.filter(state=WorkState.DEAD)
        scoped = _in_scope(model, rows, connections, sees_all=sees_all and not filters.get("shop"))
        if scoped is not None:
            yield model, _matching(scoped, filters)


def _in_scope(model: type[Any], rows: QuerySet[Any], connections: list[Any], *, sees_all: bool) -> QuerySet[Any] | None:
    if sees_all:
        return rows
    if model is InboxDelivery:
        return rows.filter(source=SOURCE, endpoint__in=[row.shop.code for row in connections])
    if model in (ShipmentPush, OrderFetch):
        return rows.filter(connection_id__in=[row.pk for row in connections])
    return None


def _matching(rows: QuerySet[Any], filters: dict[str, str]) -> QuerySet[Any]:
    named = {"error_class": "error_class", "code": "last_error_code"}
    return rows.filter(**{column: filters[name] for name, column in named.items() if filters.get(name)})


def _position(cursor: str) -> tuple[datetime, str] | None:
    if not cursor:
        return None
    at, _bar, uid = cursor.partition("|")
    try:
        found = clock.parse(at, "UTC")
    except (ValueError, OverflowError):
        found = None
    if found is None or not _uuids([uid]):
        finding = {"path": "cursor", "code": "bad_cursor", "message": "not a cursor of this list"}
        raise InvalidInput(_("This page does not exist: begin with the first one."), errors=[finding])
    return found, uid


def _newest(model: type[Any], rows: QuerySet[Any], after: tuple[datetime, str] | None, limit: int) -> list[DeadLetter]:
    if after is not None:
        at, uid = after
        rows = rows.filter(Q(last_failed_at__lt=at) | Q(last_failed_at=at, uid__lt=uid))
    if model in (ShipmentPush, OrderFetch):
        rows = rows.select_related("connection__shop")
    return [_told(row) for row in rows.order_by("-last_failed_at", "-uid")[:limit]]


def _told(row: Any) -> DeadLetter:
    return DeadLetter(
        kind=row._meta.label_lower,
        uid=str(row.uid),
        about=_about(row),
        shop=_shop(row),
        error_class=row.error_class,
        code=row.last_error_code,
        error=row.last_error,
        attempts=row.attempts,
        replays=row.replays,
        first_failed_at=row.first_failed_at or row.last_failed_at or row.created_at,
        last_failed_at=row.last_failed_at or row.created_at,
        correlation_id=row.correlation_id,
        url=_url(row),
    )


def _about(row: Any) -> str:
    if isinstance(row, InboxDelivery):
        return row.topic or row.endpoint
    if isinstance(row, ShipmentPush):
        return f"{row.order_no} {row.tracking_no}"
    if isinstance(row, OrderFetch):
        return row.channel_order_no
    return str(getattr(row, "event", "") or row).rpartition(".")[2]


def _url(row: Any) -> str:
    """The page on which the row can be looked into."""
    if isinstance(row, InboxDelivery) and row.source == SOURCE:
        return reverse("channels_sync:delivery", args=[row.uid])
    return reverse("orders:detail", args=[row.order_no]) if isinstance(row, ShipmentPush) else ""


def _shop(row: Any) -> str:
    if isinstance(row, InboxDelivery):
        return row.endpoint
    return row.connection.shop.code if isinstance(row, ShipmentPush | OrderFetch) else ""
