"""Lists of any size: pages by key with signed cursors, and counts that stop at a limit.

The sort is one to four NOT NULL columns ending in `id`, with an index. A cursor holds the sort values of a row and a
hash of the filters, so it works for the list it came from only.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core import signing
from django.db.models import Field, Model, Q, QuerySet
from django.utils.translation import gettext as _

from kernel.errors import InvalidInput

SALT = "kernel.paging"
MAX_SIZE = 200


class BadCursor(InvalidInput):
    """The cursor was changed, or is of another list."""

    code = "bad_cursor"
    title = "This page address is no longer valid"


@dataclass(frozen=True)
class Page:
    """One page. A cursor is "" where there is no page in that direction."""

    rows: list[Any]
    next_cursor: str
    prev_cursor: str

    @property
    def has_more(self) -> bool:
        return bool(self.next_cursor)

    @property
    def has_previous(self) -> bool:
        return bool(self.prev_cursor)


def paginate(
    queryset: QuerySet[Any],
    *,
    order: Sequence[str] = ("-id",),
    cursor: str = "",
    size: int = 50,
    filter_hash: str = "",
) -> Page:
    """The page that a cursor points to, the first without one. Reads `size + 1` rows, whatever the table's size.

    Raises BadCursor for a cursor of another list, another order or another hand.
    """
    size = max(1, min(size, MAX_SIZE))
    backward, values = _read(cursor, order, filter_hash, queryset.model)
    direction = [_flip(name) for name in order] if backward else list(order)
    if values:
        queryset = queryset.filter(_after(direction, values))
    found = list(queryset.order_by(*direction)[: size + 1])
    more, rows = len(found) > size, found[:size]
    if backward:
        rows.reverse()
    has_next, has_previous = (bool(cursor), more) if backward else (more, bool(cursor))
    return Page(
        rows=rows,
        next_cursor=_write("n", rows[-1], order, filter_hash) if has_next and rows else "",
        prev_cursor=_write("p", rows[0], order, filter_hash) if has_previous and rows else "",
    )


def capped_count(queryset: QuerySet[Any], cap: int = 10_000) -> tuple[int, bool]:
    """How many rows, counting no further than `cap`. The second value says that there are more."""
    found = queryset.order_by().values("pk")[: cap + 1].count()
    return min(found, cap), found > cap


def _after(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows behind these sort values: a bound that an index can use, then the exact comparison column by column."""
    exact = Q()
    same = Q()
    for name, value in zip(order, values, strict=True):
        exact |= same & Q(**{f"{_column(name)}__{_compare(name)}": value})
        same &= Q(**{_column(name): value})
    return Q(**{f"{_column(order[0])}__{_compare(order[0])}e": values[0]}) & exact


def _compare(name: str) -> str:
    return "lt" if name.startswith("-") else "gt"


def _column(name: str) -> str:
    return name.removeprefix("-")


def _flip(name: str) -> str:
    return _column(name) if name.startswith("-") else f"-{name}"


def _write(direction: str, row: Model, order: Sequence[str], filter_hash: str) -> str:
    values = [_plain(_value(row, _column(name))) for name in order]
    return signing.dumps([direction, ",".join(order), filter_hash, values], salt=SALT)


def _value(row: Any, path: str) -> Any:
    for step in path.split("__"):
        row = getattr(row, step)
    return row


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _read(cursor: str, order: Sequence[str], filter_hash: str, model: type[Model]) -> tuple[bool, list[Any]]:
    if not cursor:
        return False, []
    try:
        direction, ordered, hashed, values = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadCursor(_("Open the list again from its first page.")) from error
    if ordered != ",".join(order) or hashed != filter_hash:
        raise BadCursor(_("The filters have changed: open the list again from its first page."))
    return direction == "p", [_typed(model, _column(name), value) for name, value in zip(order, values, strict=True)]


def _typed(model: type[Model], path: str, value: Any) -> Any:
    *relations, name = path.split("__")
    for relation in relations:
        related = model._meta.get_field(relation).related_model
        assert isinstance(related, type)
        model = related
    column = model._meta.get_field(name)
    assert isinstance(column, Field)
    return None if value is None else column.to_python(value)
