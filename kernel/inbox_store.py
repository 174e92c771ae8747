"""How deliveries get into their table: key and row in one statement, so one round trip decides and commits both."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from kernel import clock, correlation
from kernel.ids import uuid7
from kernel.models import InboxDelivery, Verdict
from kernel.models.work import WorkState

KEPT = timedelta(days=90)
REFUSED_BODY_BYTES = 64 * 1024
# More refused deliveries than this a minute and endpoint are only counted in the log: a flood of junk must not fill the
# disk.
REFUSED_A_MINUTE = 60

_COLUMNS = """
    uid, state, attempts, max_attempts, next_attempt_at, ordering_key, correlation_id, error_class, last_error_code,
    last_error, first_failed_at, last_failed_at, finished_at, discarded_reason, replays, created_at,
    source, endpoint, received_at, topic, delivery_key, verdict, refused_reason, remote_addr, headers, body_bytes,
    raw_body, result"""
_VALUES = """
    %(uid)s, %(state)s, 0, 4, %(now)s, %(ordering_key)s, %(correlation_id)s, %(error_class)s, %(last_error_code)s,
    %(last_error)s, %(failed_at)s, %(failed_at)s, %(finished_at)s, %(discarded_reason)s, 0, %(now)s,
    %(source)s, %(endpoint)s, %(now)s, %(topic)s, %(delivery_key)s, %(verdict)s, %(refused_reason)s,
    %(remote_addr)s::inet, %(headers)s::jsonb, %(body_bytes)s, %(raw_body)s, '{}'::jsonb"""
_STORE = f"""
WITH seen AS (
    INSERT INTO kernel_deliverykey (source, endpoint, key, seen_at, repeats)
    VALUES (%(source)s, %(endpoint)s, %(delivery_key)s, %(now)s, 0)
    ON CONFLICT (source, endpoint, key)
    DO UPDATE SET repeats = kernel_deliverykey.repeats + 1, repeated_at = %(now)s
    RETURNING repeats
)
INSERT INTO kernel_inboxdelivery ({_COLUMNS}) SELECT {_VALUES} FROM seen WHERE seen.repeats = 0 RETURNING id
"""  # noqa: S608 - constants only
_STORE_REFUSED = f"""
INSERT INTO kernel_inboxdelivery ({_COLUMNS}) SELECT {_VALUES} WHERE (
    SELECT count(*) FROM (
        SELECT 1 FROM kernel_inboxdelivery
        WHERE verdict = 'refused' AND received_at > %(now)s - interval '1 minute' AND source = %(source)s
          AND endpoint = %(endpoint)s LIMIT {REFUSED_A_MINUTE}) recent) < {REFUSED_A_MINUTE}
RETURNING id
"""  # noqa: S608 - constants only


@dataclass(slots=True)
class Draft:
    """A row to be. Plain, because making a model instance costs as much as all else on this path together."""

    uid: UUID
    source: str
    endpoint: str
    headers: dict[str, str]
    remote_addr: str | None
    body_bytes: int
    delivery_key: str
    topic: str
    ordering_key: str
    correlation_id: str
    state: str = WorkState.READY
    verdict: str = Verdict.ACCEPTED
    error_class: str = ""
    last_error_code: str = ""
    last_error: str = ""
    discarded_reason: str = ""
    refused_reason: str = ""


@dataclass(frozen=True)
class Arrival:
    """A delivery as it stands at the door."""

    source: str
    endpoint: str
    headers: dict[str, str]
    body: bytes
    remote_addr: str | None

    def delivery(self, key: str, topic: str, ordering_key: str) -> Draft:
        """The row to be: not yet saved, its turn is within its own endpoint."""
        turn = f"{self.source}/{self.endpoint}/{ordering_key}"[:160] if ordering_key else ""
        return Draft(
            uid=uuid7(),
            source=self.source,
            endpoint=self.endpoint[:60],
            headers=self.headers,
            remote_addr=self.remote_addr,
            body_bytes=len(self.body),
            delivery_key=key,
            topic=topic,
            ordering_key=turn,
            correlation_id=correlation.current(),
        )


def store(delivery: Draft, body: bytes) -> bool:
    """Insert key and row; False when the key was known (its count of repeats is raised)."""
    return _execute(_STORE, delivery, body)


def store_refused(arrival: Arrival, reason: str) -> str:
    """Keep a delivery that nobody vouches for: no key is taken from the true sender, nothing will be done with it.

    Answers with its uid, or "" when this endpoint had too many refusals this minute.
    """
    delivery = arrival.delivery("", "", "")
    delivery.verdict, delivery.state = Verdict.REFUSED, WorkState.DISCARDED
    delivery.refused_reason = reason[:255]
    return str(delivery.uid) if _execute(_STORE_REFUSED, delivery, arrival.body[:REFUSED_BODY_BYTES]) else ""


def purge_bodies() -> int:
    """Empty the bodies and headers of deliveries older than 90 days. The rows and the keys stay."""
    old = InboxDelivery.objects.filter(received_at__lt=clock.now() - KEPT).exclude(headers={}, body_bytes=0)
    ids = list(old.order_by("received_at", "id").values_list("pk", flat=True)[:1000])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kernel_inboxdelivery SET raw_body = '', headers = '{}', body_bytes = 0 WHERE id = ANY(%s)", [ids]
        )
    return len(ids)


def _execute(sql: str, delivery: Draft, body: bytes) -> bool:
    now = clock.now()
    raw_body = InboxDelivery._meta.get_field("raw_body")
    params: dict[str, Any] = {
        name: getattr(delivery, name)
        for name in (
            "uid", "ordering_key", "correlation_id", "error_class", "last_error_code", "last_error", "discarded_reason",
            "source", "endpoint", "topic", "delivery_key", "refused_reason", "remote_addr", "body_bytes",
        )
    }  # fmt: skip
    is_dead = delivery.state == WorkState.DEAD
    params |= {
        "state": str(delivery.state),
        "verdict": str(delivery.verdict),
        "headers": orjson.dumps(delivery.headers).decode(),
        "raw_body": raw_body.seal(delivery.uid, body),  # type: ignore[union-attr]
        "now": now,
        "failed_at": now if is_dead else None,
        "finished_at": None if delivery.state == WorkState.READY else now,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone() is not None
