"""Put many statement lines into the table at once: COPY beside it, then one INSERT that leaves out rows known already."""

import json
from collections.abc import Iterator
from io import StringIO
from itertools import islice

from django.db import connection

from reconciliation.formats.base import Row
from reconciliation.models import Statement, StatementLine

CHUNK = 10_000
COLUMNS = (
    "statement_id, account_id, row_key, line_no, kind, amount, gross_amount, currency, order_ref, payment_no, "
    "occurred_at, cells"
)
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def store_lines(statement: Statement, rows: tuple[Row, ...], personal_columns: frozenset[str]) -> int:
    """Returns how many lines are new to the account. Runs inside the caller's transaction."""
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
        cursor.execute("DROP TABLE incoming_lines")
    return stored


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
