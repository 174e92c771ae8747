"""What a statement format is: a file of its own beside this one, found by its name, free of Django.

A format reads the bytes of one file and yields what it found, in the file's order: a `Row` for each line of the file it
understood, a `Problem` for each it did not, and at the end the `Footer`. Rows + problems = lines of the file: none is lost.
Amounts are signed from the merchant's side: plus is money for us. A sign that the file does not state is never guessed:
the entry's amount is then None and its kind `other`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from kernel.money import is_currency

KINDS = ("payment", "refund", "commission", "service_fee", "freight", "subsidy", "other")
TEXT_LIMIT = 60  # three of them and two dashes are a row's key

_NUMBER = re.compile(r"[+-]?[0-9]{1,13}(\.[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class Entry:
    """One amount of a row: a bill row of a paid order carries both the payment and the fee that was kept.

    `is_fine` where the format states fractions of a cent, as gateways do for their fees.
    """

    kind: str
    amount: Decimal | None
    gross: Decimal | None = None
    column: str = ""
    is_fine: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    line_no: int
    key: str
    order_ref: str
    payment_no: str
    currency: str
    occurred_at: datetime
    entries: tuple[Entry, ...]
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one line of the file, and where, so that a person can correct it."""

    line_no: int
    column: str
    code: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Total:
    """One sum that the file states about itself, beside the same sum over its rows."""

    label: str
    stated: Decimal
    computed: Decimal

    @property
    def agrees(self) -> bool:
        return self.stated == self.computed


@dataclass(frozen=True, slots=True)
class Footer:
    totals: tuple[Total, ...] = field(default=())


Found = Row | Problem | Footer


@dataclass(frozen=True, slots=True)
class StatementFormat:
    name: str
    title: str
    recognises: Callable[[str], bool]
    parse: Callable[[bytes, str], Iterator[Found]]
    account_kind: str
    currency_column: str
    personal_columns: frozenset[str] = frozenset()


def gettext_noop(text: str) -> str:
    """Marks a text for the translators; formats know no Django, the page translates it."""
    return text


class BadCell(Exception):
    """A cell that cannot be read; the parser turns it into a Problem of its row."""

    def __init__(self, column: str, code: str, value: str = "") -> None:
        super().__init__(f"{column}: {code}")
        self.column, self.code, self.value = column, code, value

    def at(self, line_no: int) -> Problem:
        return Problem(line_no, self.column, self.code, self.value[:200].replace("\x00", "�"))


def number(cells: Mapping[str, str], column: str) -> Decimal:
    text = cells[column].strip()
    if not _NUMBER.fullmatch(text):
        raise BadCell(column, "not_a_number", text)
    return Decimal(text)


def optional_number(cells: Mapping[str, str], column: str) -> Decimal:
    return number(cells, column) if cells.get(column, "").strip() else Decimal(0)


def moment(cells: Mapping[str, str], column: str, zone: str) -> datetime:
    text = cells[column].strip()
    try:
        value = datetime.fromisoformat(text)
        return (value if value.tzinfo else value.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadCell(column, "not_a_time", text) from None


def text(cells: Mapping[str, str], column: str, *, required: bool = False) -> str:
    value = cells.get(column, "").strip()
    if "\x00" in value:
        raise BadCell(column, "unreadable_character", value)
    if len(value) > TEXT_LIMIT:
        raise BadCell(column, "too_long", value)
    if required and not value:
        raise BadCell(column, "missing", value)
    return value


def currency(cells: Mapping[str, str], column: str) -> str:
    value = cells[column].strip().upper()
    if not is_currency(value):
        raise BadCell(column, "not_a_currency", value)
    return value


def header(head: str) -> set[str]:
    """The column names of the first line; none if it holds what no header does."""
    line = head.partition("\n")[0]
    return set() if "\x00" in line else {name.strip() for name in line.split(",")}


def named(columns: list[str], values: list[str]) -> dict[str, str]:
    """The row by header name: files gain and lose columns over the years, their names stay."""
    if len(values) != len(columns):
        raise BadCell("", "wrong_number_of_cells", f"{len(values)} / {len(columns)}")
    if any("\x00" in value for value in values):
        raise BadCell("", "unreadable_character")
    return dict(zip(columns, values, strict=True))
