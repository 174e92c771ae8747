"""Tables that leave the house as files: masked by the field policy, and harmless in a spreadsheet."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Any

from django.utils.functional import Promise

from accounts.access import Person, access, present

BYTE_ORDER_MARK = "\ufeff"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Column:
    """One column: its heading, where the value comes from, and its field policy when it is personal or sensitive."""

    heading: str | Promise
    value: Callable[[Any], object]
    policy: str = ""


def export_csv(user: Person, columns: Iterable[Column], rows: Iterable[Any]) -> Iterator[str]:
    """The lines of a CSV that Excel opens in UTF-8; a column that the person may not see is left out altogether."""
    visible = [one for one in columns if not one.policy or access(user, one.policy) != "hidden"]
    yield BYTE_ORDER_MARK + _line([str(one.heading) for one in visible])
    for row in rows:
        yield _line([_cell(user, one, row) for one in visible])


def harmless(text: str) -> str:
    """A cell that a spreadsheet would take for a formula is marked as text; plain numbers stay numbers."""
    is_formula = text.startswith(_FORMULA_STARTS) or text.strip().startswith(_FORMULA_STARTS)
    return f"'{text}" if is_formula and not _is_number(text) else text


def _cell(user: Person, column: Column, row: Any) -> str:
    value = column.value(row)
    if column.policy:
        return harmless(present(user, column.policy, value).text)
    return harmless("" if value is None else str(value))


def _is_number(text: str) -> bool:
    return text[:1] == "-" and text[1:].replace(".", "", 1).isascii() and text[1:].replace(".", "", 1).isdigit()


def _line(cells: list[str]) -> str:
    line = StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
