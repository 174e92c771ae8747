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

# A function of the database (migration 0002): key and row in one message and without planning.
_STORE = """
SELECT kernel_keep_delivery(
    %(uid)s, %(state)s, %(ordering_key)s, %(correlation_id)s, %(error_class)s, %(last_error_code)s, %(last_error)s,
    %(discarded_reason)s, %(source)s, %(endpoint)s, %(topic)s, %(delivery_key)s, %(verdict)s,
    %(remote_addr)s, %(headers)s, %(body_bytes)s, %(raw_body)s, %(now)s)"""


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
    raw_body = InboxDelivery._meta.get_field("raw_body")
    params: dict[str, Any] = {
        name: getattr(delivery, name)
        for name in (
            "uid", "ordering_key", "correlation_id", "error_class", "last_error_code", "last_error", "discarded_reason",
            "source", "endpoint", "topic", "delivery_key", "remote_addr", "body_bytes",
        )
    }  # fmt: skip
    params |= {
        "state": str(delivery.state),
        "verdict": str(delivery.verdict),
        "headers": orjson.dumps(delivery.headers).decode(),
        "raw_body": raw_body.seal(delivery.uid, body),  # type: ignore[union-attr]
        "now": clock.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_STORE, params)
        return bool(cursor.fetchone()[0])


def store_refused(arrival: Arrival, reason: str) -> str:
    """Keep a delivery that nobody vouches for: no key is taken from the true sender, nothing will be done with it.

    Answers with its uid, or "" when this endpoint had too many refusals this minute.
    """
    now = clock.now()
    same = InboxDelivery.objects.filter(verdict=Verdict.REFUSED, source=arrival.source, endpoint=arrival.endpoint[:60])
    if same.filter(received_at__gt=now - timedelta(minutes=1))[:REFUSED_A_MINUTE].count() == REFUSED_A_MINUTE:
        return ""
    refused = InboxDelivery(
        source=arrival.source,
        endpoint=arrival.endpoint[:60],
        headers=arrival.headers,
        remote_addr=arrival.remote_addr,
        body_bytes=len(arrival.body),
        received_at=now,
        finished_at=now,
        state=WorkState.DISCARDED,
        verdict=Verdict.REFUSED,
        refused_reason=reason[:255],
        correlation_id=correlation.current(),
    )
    refused.raw_body = arrival.body[:REFUSED_BODY_BYTES]
    refused.save(force_insert=True)
    return str(refused.uid)


def purge_bodies() -> int:
    """Empty the bodies and headers of deliveries older than 90 days. The rows and the keys stay."""
    old = InboxDelivery.objects.filter(received_at__lt=clock.now() - KEPT).exclude(headers={}, body_bytes=0)
    ids = list(old.order_by("received_at", "id").values_list("pk", flat=True)[:1000])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kernel_inboxdelivery SET raw_body = '', headers = '{}', body_bytes = 0 WHERE id = ANY(%s)", [ids]
        )
    return len(ids)
