"""Put many statement lines into the table at once: COPY beside it, then one INSERT that leaves out rows known already.

A row that is known with another amount is a conflict: nothing of the file is stored then.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from itertools import islice
from typing import Any

from django.db import connection, transaction

from kernel.money import quantize
from reconciliation.formats.base import Problem, Row
from reconciliation.models import Statement, StatementLine

CHUNK = 10_000
COLUMNS = (
    "statement_id, account_id, row_key, line_no, kind, amount, gross_amount, currency, order_ref, payment_no, "
    "occurred_at, cells"
)
# After the insert every row of the file stands in the table, by this file or another: what differs is in conflict. So are
# two rows of one file, and the rows of two files that came at once.
CONFLICTS = """
SELECT incoming.line_no, incoming.row_key, incoming.kind, incoming.currency,
       known.amount, known.gross_amount, incoming.amount, incoming.gross_amount
FROM incoming_lines incoming
JOIN {table} known USING (account_id, row_key, kind)
WHERE (known.amount, known.gross_amount) IS DISTINCT FROM (incoming.amount, incoming.gross_amount)
ORDER BY incoming.line_no
"""
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


class RowsInConflict(Exception):
    """Rows of the file are known with another amount."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{len(problems)} rows in conflict")
        self.problems = problems


@transaction.atomic
def store_lines(statement: Statement, rows: tuple[Row, ...], personal_columns: frozenset[str]) -> int:
    """Returns how many lines are new to the account. Raises RowsInConflict, and then none is stored."""
    table = StatementLine._meta.db_table
    records = _records(statement, rows, personal_columns)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE incoming_lines (LIKE {table}) ON COMMIT DROP")
        cursor.execute("ALTER TABLE incoming_lines ALTER COLUMN id DROP NOT NULL")
        while batch := list(islice(records, CHUNK)):
            cursor.copy_expert(f"COPY incoming_lines ({COLUMNS}) FROM STDIN", _as_copy_text(batch))
        cursor.execute(
            f"INSERT INTO {table} ({COLUMNS}) SELECT {COLUMNS} FROM incoming_lines"  # noqa: S608 - names of our own
            " ORDER BY line_no ON CONFLICT DO NOTHING"
        )
        stored = int(cursor.rowcount)
        if stored < sum(len(row.entries) for row in rows):
            _refuse_conflicts(cursor, table, rows)
        cursor.execute("DROP TABLE incoming_lines")
    return stored


def _refuse_conflicts(cursor: Any, table: str, rows: tuple[Row, ...]) -> None:
    cursor.execute(CONFLICTS.format(table=table))
    if found := cursor.fetchall():
        columns = {(row.line_no, entry.kind): entry.column for row in rows for entry in row.entries}
        raise RowsInConflict(
            tuple(
                Problem(line_no, columns[line_no, kind], "row_conflict", _told(key, currency, amounts))
                for line_no, key, kind, currency, *amounts in found
            )
        )


def _told(key: str, currency: str, amounts: list[Decimal | None]) -> str:
    """The row, then both amounts; the amounts before the coupon where it is these that differ."""
    old, old_gross, new, new_gross = amounts
    before, after = (old, new) if old != new else (old_gross, new_gross)
    return f"{key[:120]}: {_shown(before, currency)} → {_shown(after, currency)}"


def _shown(amount: Decimal | None, currency: str) -> str:
    if amount is None:
        return "–"
    short = quantize(amount, currency)
    return str(short if short == amount else amount.normalize())


def _records(statement: Statement, rows: tuple[Row, ...], personal_columns: frozenset[str]) -> Iterator[list[object]]:
    """One record an amount; the row's cells, without who paid, stand on its first amount only."""
    for row in rows:
        cells = {name: value for name, value in row.cells.items() if name not in personal_columns}
        for place, entry in enumerate(row.entries):
            yield [
                statement.pk,
                statement.account_id,
                row.key,
                row.line_no,
                entry.kind,
                entry.amount,
                entry.gross,
                row.currency,
                row.order_ref,
                row.payment_no,
                row.occurred_at.isoformat(),
                json.dumps({} if place else cells, ensure_ascii=False),
            ]


def _as_copy_text(records: list[list[object]]) -> StringIO:
    return StringIO("".join("\t".join(map(_cell, record)) + "\n" for record in records))


def _cell(value: object) -> str:
    if value is None:
        return r"\N"
    return str(value).translate(ESCAPES)
