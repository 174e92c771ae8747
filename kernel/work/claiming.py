"""Taking rows to work on, and taking them back from a worker that has vanished. Each is one UPDATE, committed at once."""

import datetime
import uuid
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection

from kernel import clock
from kernel.models.work import WorkRow

Row = TypeVar("Row", bound=WorkRow)

# A row with a key is taken when it is the first of its key that is to run, and none of its key is running. The first is
# read off the index in its own order: `>=` and the sort leave the planner no other way, so a long backlog of one key
# stays cheap. CASE hides the condition's selectivity, so that rows are read in due order and no further than the limit.
_CLAIM = """
WITH busy AS MATERIALIZED (
    SELECT ordering_key FROM {table} WHERE state = 'running' AND ordering_key <> ''
), picked AS MATERIALIZED (
    SELECT r.id FROM {table} r
    WHERE r.state = 'ready' AND r.next_attempt_at <= %(now)s {tried}
      AND CASE WHEN r.ordering_key = '' THEN true ELSE
          r.ordering_key NOT IN (SELECT ordering_key FROM busy)
          AND r.id = (SELECT e.id FROM {table} e
                      WHERE e.ordering_key >= r.ordering_key AND e.ordering_key <> '' AND e.state IN ({blocking})
                      ORDER BY e.ordering_key, e.id LIMIT 1)
          END
    ORDER BY r.next_attempt_at, r.id
    LIMIT %(limit)s
    FOR UPDATE OF r SKIP LOCKED
)
UPDATE {table} t
SET state = 'running', attempts = t.attempts + 1, lease_until = %(lease_until)s, token = %(token)s
WHERE t.id = ANY(ARRAY(SELECT id FROM picked))
RETURNING t.*
"""

_RETURN_EXPIRED = """
WITH expired AS MATERIALIZED (
    SELECT id FROM {table} WHERE state = 'running' AND lease_until < %(now)s
    ORDER BY lease_until LIMIT 1000 FOR UPDATE SKIP LOCKED
)
UPDATE {table} t
SET state = CASE WHEN t.attempts >= t.max_attempts THEN 'dead' ELSE 'ready' END,
    next_attempt_at = %(now)s, lease_until = NULL, token = NULL,
    error_class = 'lease', last_error_code = 'lease_expired',
    last_error = 'The worker that had this row did not finish it in time.',
    first_failed_at = COALESCE(t.first_failed_at, %(now)s), last_failed_at = %(now)s,
    finished_at = CASE WHEN t.attempts >= t.max_attempts THEN %(now)s END
FROM expired WHERE t.id = expired.id
RETURNING t.*
"""


def claim(
    model: type[Row], *, limit: int = 100, lease_seconds: int | None = None, tried: bool | None = None
) -> list[Row]:
    """Take up to `limit` due rows in one statement: running, one more attempt, a lease and a token to fence with.

    `tried=False` takes rows at their first attempt only, `tried=True` those that failed or lost their worker before
    (which are worked alone, so that a row that kills its worker takes no others with it). In id order.
    """
    now = clock.now()
    sql = _CLAIM.format(
        table=_table(model),
        tried={None: "", False: "AND r.attempts = 0", True: "AND r.attempts > 0"}[tried],
        blocking="'ready', 'running', 'dead'" if model.blocks_key_when_dead else "'ready', 'running'",
    )
    lease_until = now + datetime.timedelta(seconds=lease_seconds or settings.OMS_WORK_LEASE_SECONDS)
    rows = _run(model, sql, {"now": now, "limit": limit, "lease_until": lease_until, "token": uuid.uuid4()})
    return sorted(rows, key=lambda row: row.pk)


def return_expired(model: type[Row]) -> list[Row]:
    """Put rows whose lease ran out back to ready; those without an attempt left are dead. Answers with all of them."""
    return _run(model, _RETURN_EXPIRED.format(table=_table(model)), {"now": clock.now()})


def _run(model: type[Row], sql: str, params: dict[str, Any]) -> list[Row]:
    return list(model._default_manager.raw(sql, params))


def _table(model: type[WorkRow]) -> str:
    return connection.ops.quote_name(model._meta.db_table)
