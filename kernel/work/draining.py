"""Working through a table: claim in batches, one savepoint a row, commit in short chunks, stop before the task's time
is up.
"""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from django.db import OperationalError, transaction

from kernel import clock, correlation, doorbell
from kernel.models.work import WorkRow, WorkState
from kernel.work import outcomes
from kernel.work.claiming import claim
from kernel.work.registry import Handling, handling
from kernel.work.verdicts import Defer, LeaseLost

log = structlog.get_logger("work")

# A drain ends soon, so that one busy table does not keep the others of its worker waiting, and well inside the soft
# shutdown of a worker (10 s) and the task limit (30 s).
BUDGET_SECONDS = 2.0
# Rows of one chunk commit together: so few that nobody waits long for a row or its locks, and below the 64 open
# subtransactions that PostgreSQL keeps in memory.
CHUNK_ROWS = 50
CHUNK_SECONDS = 0.1
RETRIES_A_ROUND = 10
# PostgreSQL's own "try again": serialization failure, deadlock, lock not available.
TRANSIENT = {"40001", "40P01", "55P03"}


@dataclass
class Drained:
    """What one drain did."""

    done: int = 0
    failed: int = 0
    lost: int = 0


def drain(label: str, *, budget_seconds: float = BUDGET_SECONDS) -> Drained:
    """Work the due rows of a table until none is left or the time is up; then ring again for the rest."""
    kind = handling(label)
    drained = Drained()
    ends = time.monotonic() + budget_seconds
    worked = _round_in_chunks if kind.transactional else _round_alone
    while worked(kind, drained, ends):
        if time.monotonic() >= ends:
            doorbell.ring(kind.model)
            break
    return drained


def _round_in_chunks(kind: Handling, drained: Drained, ends: float) -> bool:
    """A batch of new rows in chunks, then some that failed before, each alone. False when there was nothing."""
    rows = claim(kind.model, limit=kind.batch, tried=False)
    found = bool(rows)
    try:
        while rows and time.monotonic() < ends:
            rows = _chunk(kind, rows, drained)
    finally:
        outcomes.release(rows)
    for _ in range(RETRIES_A_ROUND):
        if time.monotonic() >= ends or not (suspects := claim(kind.model, limit=1, tried=True)):
            break
        found = True
        _chunk(kind, suspects, drained)
    return found


def _chunk(kind: Handling, rows: Sequence[WorkRow], drained: Drained) -> list[WorkRow]:
    """One transaction over the first rows; answers with the rows that are still to do."""
    finished: list[WorkRow] = []
    tried = 0
    ends = time.monotonic() + CHUNK_SECONDS
    with doorbell.together(), transaction.atomic():
        chunk = rows[:CHUNK_ROWS]
        ours = _still_ours(kind.model, chunk)
        for row in chunk:
            tried += 1
            if row.pk not in ours:
                drained.lost += 1
            elif _attempt(kind, row):
                finished.append(row)
            else:
                drained.failed += 1
            if time.monotonic() >= ends:
                break
        if outcomes.done_many(kind.model, finished) != len(finished):
            raise LeaseLost(f"{kind.model.__name__}: a locked row changed hands")
    drained.done += len(finished)
    return list(rows[tried:])


def _still_ours(model: type[WorkRow], rows: Sequence[WorkRow]) -> set[int]:
    """Lock the rows of a chunk that nobody has taken from us: they stay ours until the transaction ends."""
    held = model._default_manager.filter(pk__in=[row.pk for row in rows], token=rows[0].token, state=WorkState.RUNNING)
    return set(held.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))


def _attempt(kind: Handling, row: WorkRow) -> bool:
    """Run the handler in a savepoint. True when it succeeded; otherwise the failure is already recorded."""
    with correlation.bound(row.correlation_id):
        try:
            with transaction.atomic():
                kind.handler(row)
        except Exception as error:
            _record(row, error)
            return False
        return True


def _round_alone(kind: Handling, drained: Drained, ends: float) -> bool:
    """Outbound rows: claimed few at a time, each worked outside a transaction. False when there was nothing."""
    rows = claim(kind.model, limit=kind.batch)
    for index, row in enumerate(rows):
        if time.monotonic() >= ends:
            outcomes.release(rows[index:])
            break
        _call(kind, row, drained)
    return bool(rows)


def _call(kind: Handling, row: WorkRow, drained: Drained) -> None:
    with correlation.bound(row.correlation_id):
        try:
            kind.handler(row)
            if row.state == WorkState.RUNNING:
                outcomes.done(row)
            drained.done += 1
        except LeaseLost:
            drained.lost += 1
            log.warning("lease_lost", kind=kind.model.__name__, uid=str(row.uid))
        except Exception as error:
            drained.failed += 1
            with transaction.atomic():
                _record(row, error)


def _record(row: WorkRow, error: Exception) -> None:
    if is_transient(error):
        error = Defer(clock.now() + timedelta(seconds=random.uniform(0.05, 0.5)), "")
    elif not outcomes.is_foreseen(error):
        log.error("work_error", kind=type(row).__name__, uid=str(row.uid), exc_info=error)
    outcomes.fail(row, error)


def is_transient(error: Any) -> bool:
    """Whether PostgreSQL only asked to try again (two rows of two workers met in the wrong order)."""
    return isinstance(error, OperationalError) and getattr(error.__cause__, "pgcode", None) in TRANSIENT
