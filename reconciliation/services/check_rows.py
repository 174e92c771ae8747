"""What a row may not say on this account, though it can be read: other money than the account's, parts of a cent."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from kernel.money import is_whole
from reconciliation.formats.base import Entry, Problem, Row, StatementFormat


def check_rows(rows: Iterable[Row], *, currency: str, chosen: StatementFormat) -> tuple[Problem, ...]:
    return tuple(problem for row in rows for problem in _check(row, currency, chosen.currency_column))


def _check(row: Row, currency: str, column: str) -> Iterator[Problem]:
    if row.currency != currency:
        yield Problem(row.line_no, column, "other_currency", f"{row.currency} / {currency}")
        return
    for entry in row.entries:
        if broken := _broken(entry, currency):
            yield Problem(row.line_no, entry.column, "too_many_decimals", f"{broken} {currency}")


def _broken(entry: Entry, currency: str) -> Decimal | None:
    if entry.is_fine:
        return None
    amounts = (amount for amount in (entry.amount, entry.gross) if amount is not None)
    return next((amount for amount in amounts if not is_whole(amount, currency)), None)
