"""The differences as a workbook that an accountant can go on working in: amounts are numbers, texts are never formulas."""

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.money import exponent
from kernel.shell import look
from reconciliation import words
from reconciliation.models import Difference

# Texts stay texts whatever they begin with: no formulas, no links, no numbers made of them.
HARMLESS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "remove_timezone": True,
}


def workbook(rows: Iterable[Difference]) -> bytes:
    out = BytesIO()
    book = xlsxwriter.Workbook(out, HARMLESS)
    sheet = book.add_worksheet(_("Differences"))
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF1F5"})
    time = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
    amounts = {
        digits: book.add_format({"num_format": "#,##0" + ("." + "0" * digits if digits else "")}) for digits in range(5)
    }
    columns = _columns()
    sheet.freeze_panes(1, 2)
    for place, (heading, width, _value) in enumerate(columns):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, heading, head)
    last = 0
    for last, row in enumerate(rows, start=1):
        for place, (_heading, _width, value) in enumerate(columns):
            cell = value(row)
            style = amounts[exponent(row.currency)] if isinstance(cell, Decimal) else time
            _write(sheet, (last, place), cell, style)
    sheet.autofilter(0, 0, last, len(columns) - 1)
    book.close()
    return out.getvalue()


def _write(sheet: Any, place: tuple[int, int], value: Any, style: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, str):
        sheet.write_string(*place, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(*place, value.astimezone(timezone.get_current_timezone()), style)
    else:
        sheet.write_number(*place, value, style)


def _columns() -> list[tuple[str, int, Callable[[Difference], Any]]]:
    return [
        (_("Class"), 22, lambda row: str(look("difference_kind", row.kind).word)),
        (_("Order"), 18, lambda row: row.order_no),
        (_("Platform order number"), 22, lambda row: row.order_ref),
        (_("Payment number"), 30, lambda row: row.payment_no),
        (_("Shop"), 18, lambda row: row.shop.name if row.shop else ""),
        (_("Account"), 18, lambda row: row.account.name),
        (_("Statement"), 30, lambda row: row.statement.file_name if row.statement else ""),
        (_("Currency"), 10, lambda row: row.currency),
        (_("Expected amount"), 14, lambda row: row.expected_amount),
        (_("Stated amount"), 14, lambda row: row.stated_amount),
        (_("Difference"), 14, lambda row: row.amount),
        (_("Unexplained"), 14, lambda row: row.unexplained_amount),
        (_("Parts"), 60, _parts),
        (_("State"), 16, lambda row: str(look("difference", row.state).word)),
        (_("Reason"), 40, lambda row: row.note),
        (_("Closed by"), 16, lambda row: str(row.resolved_by or "")),
        (_("Noticed"), 18, lambda row: row.found_at),
        (_("Closed"), 18, lambda row: row.resolved_at),
    ]


def _parts(row: Difference) -> str:
    return "; ".join(f"{words.cause(part['cause'])}: {part['amount']}" for part in row.parts)
