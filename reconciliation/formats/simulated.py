"""The settlement statement of the simulated platform: plain CSV with signed amounts and a TOTAL line at the end.

statement_no,row_no,order_no,kind,amount,currency,occurred_at
S20260301,1,1001,payment,298.00,CNY,2026-03-01T10:00:00+08:00
TOTAL,1,298.00
"""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal

from reconciliation.formats.base import (
    KINDS,
    BadCell,
    Entry,
    Footer,
    Found,
    Problem,
    Row,
    StatementFormat,
    Total,
    currency,
    gettext_noop,
    header,
    moment,
    named,
    number,
    text,
)

NEEDED = frozenset({"statement_no", "row_no", "order_no", "kind", "amount", "currency", "occurred_at"})
TOTAL = "TOTAL"


def recognises(head: str) -> bool:
    return header(head) >= NEEDED


def parse(data: bytes, zone: str) -> Iterator[Found]:
    lines = data.decode("utf-8-sig").split("\n")
    columns = [name.strip() for name in lines[0].split(",")]
    rows, total, has_footer = 0, Decimal(0), False
    seen: Counter[str] = Counter()
    for line_no, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        if line.startswith(f"{TOTAL},"):
            has_footer = True
            yield _footer(line_no, line, rows, total)
            continue
        rows += 1
        found = _row(line_no, columns, line, zone, seen)
        yield found
        if isinstance(found, Row):
            total += sum((entry.amount for entry in found.entries if entry.amount is not None), Decimal(0))
    if not has_footer:
        yield Problem(len(lines), TOTAL, "footer_missing")


def _row(line_no: int, columns: list[str], line: str, zone: str, seen: Counter[str]) -> Row | Problem:
    try:
        cells = named(columns, _split(line))
        kind = text(cells, "kind", required=True)
        return Row(
            line_no=line_no,
            key=_key(cells, seen),
            order_ref=text(cells, "order_no"),
            payment_no=text(cells, "payment_no"),
            currency=currency(cells, "currency"),
            occurred_at=moment(cells, "occurred_at", zone),
            entries=(Entry(kind if kind in KINDS else "other", number(cells, "amount"), column="amount"),),
            cells=cells,
        )
    except BadCell as bad:
        return bad.at(line_no)


def _key(cells: Mapping[str, str], seen: Counter[str]) -> str:
    """Row numbers move while a day's statement still grows; what a row is about, and the how manieth of it, do not."""
    stem = "-".join(text(cells, name, required=name == "statement_no") for name in ("statement_no", "order_no", "kind"))
    seen[stem] += 1
    return stem if seen[stem] == 1 else f"{stem}-{seen[stem]}"


def _footer(line_no: int, line: str, rows: int, total: Decimal) -> Footer | Problem:
    try:
        cells = named([TOTAL, "rows", "amount"], _split(line))
        return Footer(
            (
                Total("rows", number(cells, "rows"), Decimal(rows)),
                Total("amount", number(cells, "amount"), total),
            )
        )
    except BadCell as bad:
        return bad.at(line_no)


def _split(line: str) -> list[str]:
    """One line is one row: a stray quote spoils its own row and swallows no other."""
    try:
        return next(csv.reader([line.rstrip("\r")], strict=True))
    except (csv.Error, StopIteration):
        raise BadCell("", "not_a_csv_row", line) from None


FORMAT = StatementFormat(
    name="simulated",
    title=gettext_noop("Statement of the simulated platform"),
    recognises=recognises,
    parse=parse,
    account_kind="platform",
    currency_column="currency",
)
