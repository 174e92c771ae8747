"""The packing check: every piece is scanned a second time, then the parcel gets its waybill. What does not fit cannot leave.

| screen  | wants                      | a right scan                      | leads to                              |
| ------- | -------------------------- | --------------------------------- | ------------------------------------- |
| item    | any piece still missing    | one more piece checked            | item, or waybill after the last piece |
| waybill | the number on the parcel   | its shape names one carrier       | done; several or none: carrier        |
| carrier | one of the buttons, or another waybill | the parcel is closed  | done                                  |
"""

import re

from warehouse.carrier_book import OTHER, carrier_name, carriers, suggest
from warehouse.choices import ScanKind
from warehouse.models import PickLine
from warehouse.scan import messages as say
from warehouse.scan.envelope import Choice, Expects, Progress
from warehouse.scan.items import sku_of
from warehouse.scan.scenario import DONE, Desk, ScanInput, Scenario, Screen, Step, clean
from warehouse.services.seal import seal_parcel

ITEM, WAYBILL, CARRIER = "item", "waybill", "carrier"
# What can be a tracking number at all, of any carrier in the world; everything narrower only warns.
TRACKING_NO = re.compile(r"[A-Z0-9][A-Z0-9-]{5,39}", re.ASCII)


def start(desk: Desk) -> Step:
    """A desk begins, or goes on, with what is not checked yet."""
    left = desk.pieces - progress(desk).done
    return Step(say.START_PACK(pieces=left), ITEM if left else WAYBILL)


def progress(desk: Desk) -> Progress:
    return Progress(done=sum(line.packed_qty for line in desk.lines), total=desk.pieces)


# --- item -----------------------------------------------------------------------------------------------------------
def _wants_item(desk: Desk) -> Expects:
    so_far = progress(desk)
    return Expects("scan", str(say.CHECK_ITEM), f"{so_far.done} / {so_far.total}", _missing_goods(desk.lines))


def _scan_item(desk: Desk, scan: ScanInput) -> Step:
    code = sku_of(scan.value, desk.lines)
    line = next((line for line in desk.lines if line.sku_code == code), None)
    if line is None:
        return Step(say.NOT_IN_ORDER(), ITEM, expected=_missing(desk.lines))
    if line.is_packed:
        return Step(say.ENOUGH_OF_IT(), ITEM, expected=_missing(desk.lines), sku_code=code)
    line.packed_qty += 1
    so_far = progress(desk)
    if so_far.done == so_far.total:
        return Step.counted(say.ALL_CHECKED(), WAYBILL, code, line.packed_qty)
    return Step.counted(say.CHECKED(done=so_far.done, total=so_far.total), ITEM, code, line.packed_qty)


def _missing(lines: list[PickLine]) -> str:
    return " · ".join(f"{line.sku_code} × {line.qty - line.packed_qty}" for line in lines if not line.is_packed)


def _missing_goods(lines: list[PickLine]) -> str:
    """The same with the names that stand on the articles."""
    left = [(line, line.qty - line.packed_qty) for line in lines if not line.is_packed]
    return " · ".join(f"{line.sku_code} {line.sku_name} × {qty}" for line, qty in left)


# --- waybill --------------------------------------------------------------------------------------------------------
def _wants_waybill(desk: Desk) -> Expects:
    return Expects("scan", str(say.SCAN_WAYBILL), detail=f"{desk.task.fo_no} · {desk.task.receiver_region}")


def _scan_waybill(desk: Desk, scan: ScanInput) -> Step:
    number = clean(scan.value)
    if not _may_be_waybill(desk, number):
        return Step(say.NOT_A_WAYBILL(), WAYBILL)
    seen = suggest(number)
    if seen.sure is not None:
        return _close(desk, seen.sure.code, number)
    desk.task.pending_tracking_no = number
    return Step(say.WHICH_CARRIER() if seen.candidates else say.UNKNOWN_FORMAT(), CARRIER)


def _may_be_waybill(desk: Desk, number: str) -> bool:
    """A slip of the scanner onto the article, its shelf or the order must not become a tracking number."""
    ours = {clean(desk.task.fo_no), clean(desk.task.order_no), *(clean(line.location_code) for line in desk.lines)}
    return bool(TRACKING_NO.fullmatch(number)) and number not in ours and not sku_of(number, desk.lines)


# --- carrier --------------------------------------------------------------------------------------------------------
def _wants_carrier(desk: Desk) -> Expects:
    likely = suggest(desk.task.pending_tracking_no).candidates
    first = [*likely, carriers()[OTHER]] if likely else carriers().values()
    choices = tuple(Choice(one.code, carrier_name(one.code)) for one in first)
    return Expects("choice", str(say.CHOOSE_CARRIER), desk.task.pending_tracking_no, choices=choices)


def _choose_carrier(desk: Desk, scan: ScanInput) -> Step:
    code = clean(scan.value)
    if code in carriers():
        return _close(desk, code, desk.task.pending_tracking_no)
    return Step(say.NOT_A_CARRIER(), CARRIER)


def _scan_carrier(desk: Desk, scan: ScanInput) -> Step:
    """The button's code; another waybill instead takes the first one's place."""
    if clean(scan.value) in carriers() or clean(scan.value) == desk.task.pending_tracking_no:
        return _choose_carrier(desk, scan)
    return _scan_waybill(desk, scan)


def _close(desk: Desk, carrier_code: str, tracking_no: str) -> Step:
    waybill = seal_parcel(
        task=desk.task, lines=desk.lines, carrier_code=carrier_code, tracking_no=tracking_no, actor=desk.user
    )
    desk.task.pending_tracking_no = ""
    sentence = say.SEALED if waybill.is_known_format else say.SEALED_ODD
    return Step(sentence(carrier=carrier_name(carrier_code), tracking_no=tracking_no), DONE, expected=tracking_no)


# --- done -----------------------------------------------------------------------------------------------------------
def _wants_nothing(_desk: Desk) -> Expects:
    return Expects("none", str(say.FINISHED))


def _scan_nothing(_desk: Desk, _scan: ScanInput) -> Step:
    return Step(say.NOT_HERE(), DONE)


SCENARIO = Scenario(
    kind=ScanKind.PACK,
    screens={
        ITEM: Screen(_wants_item, _scan_item, next=(ITEM, WAYBILL)),
        WAYBILL: Screen(_wants_waybill, _scan_waybill, next=(CARRIER, DONE)),
        CARRIER: Screen(_wants_carrier, _scan_carrier, next=(WAYBILL, CARRIER, DONE)),
        DONE: Screen(_wants_nothing, _scan_nothing, next=()),
    },
    start=start,
    progress=progress,
)
