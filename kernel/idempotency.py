"""The same request twice has one effect and one answer: the unique key decides, not a lock.

    answer = idempotency.once(
        key=request.headers.get("Idempotency-Key", ""), route="reservations.create", caller=str(user.uid),
        body=request.body, act=lambda: (201, {...}),
    )
    return JsonResponse(answer.body, status=answer.status)

The key and the effect commit together. A second request that arrives meanwhile waits for the first and gets its answer.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction

from kernel import clock
from kernel.errors import IdempotencyMismatch, InvalidInput
from kernel.models import IdempotencyRecord

KEPT = timedelta(days=7)
MAX_KEY = 160


class IdempotencyKeyMissing(InvalidInput):
    """This request changes something that must not happen twice: it needs an Idempotency-Key."""

    code = "idempotency_key_missing"
    title = "An Idempotency-Key header is needed"
    status = 400


class IdempotencyKeyTooLong(InvalidInput):
    code = "idempotency_key_too_long"
    title = "The Idempotency-Key is longer than 160 characters"


@dataclass(frozen=True)
class Answer:
    """What to reply. `replayed` says that it is the stored answer of an earlier request."""

    status: int
    body: dict[str, Any]
    replayed: bool = False


def once(
    *,
    key: str,
    route: str,
    caller: str,
    body: bytes,
    act: Callable[[], tuple[int, dict[str, Any]]],
    required: bool = False,
) -> Answer:
    """Run `act` unless this caller's key was used on this route within 7 days; then give that answer again.

    An `act` that raises changes nothing and leaves the key free. Raises IdempotencyMismatch when the key came with
    another body, and IdempotencyKeyMissing without a key where one is `required`.
    """
    if len(key) > MAX_KEY:
        raise IdempotencyKeyTooLong
    if not key:
        if required:
            raise IdempotencyKeyMissing
        return Answer(*act())
    digest = hashlib.sha256(body).digest()
    slot = {"route": route, "caller": caller, "key": key}
    with transaction.atomic():
        record = _take(slot, digest)
        if record is None:
            return _stored(slot, digest)
        status, answer = act()
        IdempotencyRecord.objects.filter(pk=record.pk).update(status=status, answer=answer)
    return Answer(status, answer)


def purge() -> int:
    """Forget keys older than 7 days."""
    return IdempotencyRecord.objects.filter(created_at__lt=clock.now() - KEPT).delete()[0]


def _take(slot: dict[str, str], digest: bytes) -> IdempotencyRecord | None:
    """Our new record, or None when the key is taken; waits for another transaction that is just taking it."""
    IdempotencyRecord.objects.filter(**slot, created_at__lt=clock.now() - KEPT).delete()
    mine = IdempotencyRecord(**slot, body_digest=digest)
    IdempotencyRecord.objects.bulk_create([mine], ignore_conflicts=True)
    return IdempotencyRecord.objects.filter(**slot, status=0, body_digest=digest).first()


def _stored(slot: dict[str, str], digest: bytes) -> Answer:
    record = IdempotencyRecord.objects.get(**slot)
    if bytes(record.body_digest) != digest:
        raise IdempotencyMismatch
    return Answer(record.status, record.answer, replayed=True)
