"""Picking one fulfilment order: go to the location, scan the item, scan or type how many. No step can be left out.

| screen   | wants                     | a right scan             | leads to                                         |
| -------- | ------------------------- | ------------------------ | ------------------------------------------------ |
| location | the code of the location  | the picker stands there  | item                                             |
| item     | a barcode of the SKU      | one piece taken          | quantity, or the next stop, or done              |
| quantity | the item again, or a number | pieces counted         | the next stop, or done                           |

Buttons on each: skip (the stop comes again at the end) and short (fewer are there: the order is held).
"""

from django.utils.translation import gettext as _

from oms.orders import api as orders
from warehouse.choices import ScanKind, ShortReason
from warehouse.models import PickLine
from warehouse.scan import messages as say
from warehouse.scan.envelope import Expects, Progress
from warehouse.scan.items import sku_of
from warehouse.scan.scenario import DONE, STOPPED, Desk, ScanInput, Scenario, Screen, Step, clean
from warehouse.services.claim import put_back
from warehouse.services.finish_pick import finish_pick

LOCATION, ITEM, QUANTITY = "location", "item", "quantity"
LONGEST_NUMBER = 4  # digits; a barcode is longer


def start(desk: Desk) -> Step:
    """A claimed task begins, or goes on, at the place of its first open stop."""
    for line in desk.lines:
        line.missing_qty = 0
    return Step(say.START_PICK(lines=len(desk.open_lines()), pieces=_pieces_left(desk)), _first_screen(desk.line))


def progress(desk: Desk) -> Progress:
    return Progress(done=sum(line.picked_qty for line in desk.lines), total=desk.pieces)


# --- location -------------------------------------------------------------------------------------------------------
def _wants_location(desk: Desk) -> Expects:
    return Expects("scan", str(say.GO_TO), desk.line.location_code, _goods(desk.line))


def _scan_location(desk: Desk, scan: ScanInput) -> Step:
    wanted = desk.line.location_code
    if clean(scan.value) != clean(wanted):
        return Step(say.WRONG_LOCATION(), LOCATION, expected=wanted)
    return Step(say.AT_LOCATION(), ITEM, expected=wanted, sku_code=desk.line.sku_code)


# --- item -----------------------------------------------------------------------------------------------------------
def _wants_item(desk: Desk) -> Expects:
    place = desk.line.location_code or str(say.NO_LOCATION)
    return Expects("scan", str(say.TAKE_ITEM), desk.line.sku_code, f"{_goods(desk.line)} · {place}")


def _scan_item(desk: Desk, scan: ScanInput) -> Step:
    if not _is_item(desk.line, scan.value):
        return Step(say.WRONG_ITEM(), ITEM, expected=desk.line.sku_code)
    return _count(desk, desk.line.picked_qty + 1)


# --- quantity -------------------------------------------------------------------------------------------------------
def _wants_quantity(desk: Desk) -> Expects:
    line = desk.line
    return Expects("number", str(say.COUNT_ITEMS), f"{line.picked_qty} / {line.qty}", _goods(line))


def _scan_quantity(desk: Desk, scan: ScanInput) -> Step:
    line, text = desk.line, clean(scan.value)
    if _is_item(line, scan.value):
        return _count(desk, line.picked_qty + 1)
    if not (text.isdecimal() and len(text) <= LONGEST_NUMBER):
        return Step(say.WRONG_ITEM(), QUANTITY, expected=line.sku_code)
    if int(text) > line.qty:
        return Step(say.TOO_MANY(qty=line.qty), QUANTITY, expected=str(line.qty))
    if int(text) == 0:
        return Step(say.NOT_A_NUMBER(qty=line.qty), QUANTITY, expected=str(line.qty))
    return _count(desk, int(text))


def _count(desk: Desk, picked: int) -> Step:
    """So many pieces of this stop are in the tote now."""
    line = desk.line
    line.picked_qty = picked
    if picked < line.qty:
        return Step.counted(say.TAKEN(done=picked, qty=line.qty), QUANTITY, line.sku_code, picked)
    if not desk.open_lines():
        finish_pick(task=desk.task, actor=desk.user)
        return Step.counted(say.PICK_DONE(), DONE, line.sku_code, picked)
    return Step.counted(say.LINE_DONE(), _next_screen(line, desk.line), line.sku_code, picked)


# --- buttons --------------------------------------------------------------------------------------------------------
def _skip(desk: Desk, _scan: ScanInput) -> Step:
    if len(desk.open_lines()) == 1:
        return Step(say.NOTHING_ELSE(), desk.task.screen)
    desk.line.skipped_at = desk.now
    return Step(say.SKIPPED(), _first_screen(desk.line))


def _short(desk: Desk, scan: ScanInput) -> Step:
    """Fewer pieces are there than the books say: the order waits for a person, the picker goes on with another one."""
    line, found = desk.line, scan.qty
    if found is None or not 0 <= found < line.qty or scan.reason not in ShortReason.values:
        return Step(say.NO_SHORT(qty=line.qty), desk.task.screen, expected=f"0–{line.qty - 1}")
    missing = line.qty - found
    line.picked_qty, line.missing_qty = found, missing
    put_back(task=desk.task)
    orders.report_short_pick(
        fo_no=desk.task.fo_no, sku_code=line.sku_code, missing_qty=missing, actor=desk.user, reason=scan.reason
    )
    return Step(say.SHORT_REPORTED(missing=missing), STOPPED, sku_code=line.sku_code, qty=found)


# --- done -----------------------------------------------------------------------------------------------------------
def _wants_nothing(_desk: Desk) -> Expects:
    return Expects("none", str(say.FINISHED))


def _scan_nothing(desk: Desk, _scan: ScanInput) -> Step:
    return Step(say.NOT_HERE(), DONE)


def _goods(line: PickLine) -> str:
    return _("%(name)s × %(qty)s") % {"name": line.sku_name, "qty": line.qty}


def _is_item(line: PickLine, value: str) -> bool:
    return sku_of(value, [line]) == line.sku_code


def _pieces_left(desk: Desk) -> int:
    return sum(line.qty - line.picked_qty for line in desk.lines)


def _first_screen(line: PickLine) -> str:
    return LOCATION if line.location_code else ITEM


def _next_screen(before: PickLine, line: PickLine) -> str:
    """The next stop begins with its location, unless the picker stands there already."""
    return ITEM if line.location_code == before.location_code else _first_screen(line)


BUTTONS = {"skip": _skip, "short": _short}

SCENARIO = Scenario(
    kind=ScanKind.PICK,
    screens={
        LOCATION: Screen(_wants_location, _scan_location, next=(ITEM,), actions=BUTTONS),
        ITEM: Screen(_wants_item, _scan_item, next=(QUANTITY, LOCATION, ITEM, DONE), actions=BUTTONS),
        QUANTITY: Screen(_wants_quantity, _scan_quantity, next=(QUANTITY, LOCATION, ITEM, DONE), actions=BUTTONS),
        DONE: Screen(_wants_nothing, _scan_nothing, next=()),
    },
    start=start,
    progress=progress,
)
