"""Prove stock: every invariant with its figure, its time and the first entry that breaks it."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from inventory import locks, stock_gate
from inventory.choices import GateMode
from inventory.contracts import AuditReport, Finding
from inventory.models import StockAudit, StockGate, Warehouse
from inventory.services.audit_sql import CHECKS, GATE_SHOULD_HOLD, SUM_UP
from inventory.services.fold import carry, fold
from inventory.services.settle import expire_due
from inventory.services.tend import reap_stock
from inventory.stock_gate import GateNotReady, Snapshot
from kernel.clock import now

LOOKS = 3
KEPT = 2000


def audit_stock() -> AuditReport:
    """Settle what is due (expire, fold, reap), check every invariant, keep the result. The state of things is told as is."""
    started_at = now()
    findings = [_count("expired_now", expire_due), _count("reaped_now", reap_stock)]
    places = list(Warehouse.objects.order_by("priority", "id"))
    for place in places:
        _fold_quietly(place.pk)
    findings += [_check(code, sql) for code, sql in CHECKS.items()]
    findings += [_check_gate(place) for place in places]
    is_sound = all(finding.is_sound for finding in findings)
    report = AuditReport(started_at, now(), is_sound, tuple(findings))
    _keep(report)
    return report


def _check(code: str, sql: str) -> Finding:
    """A check selects one row an entry: what it is, and whether it is broken."""
    with connection.cursor() as cursor:
        cursor.execute(SUM_UP.format(check=sql))
        figure, broken, first = cursor.fetchone()
    return Finding(code, figure, is_sound=not broken, broken=broken, first_broken=first or "")


def _count(code: str, act: Callable[[], int]) -> Finding:
    return Finding(code, act(), is_sound=True)


def _check_gate(place: Warehouse) -> Finding:
    """Redis = PostgreSQL within what is pending. A figure that differs is looked at again: both were read in turn."""
    code = f"gate:{place.code}"
    try:
        for _look in range(LOOKS):
            figure, differing = _compare_gate(place)
            if not differing:
                return Finding(code, figure, is_sound=True)
    except GateNotReady as error:
        return Finding(code, 0, is_sound=error.why == "closed", broken=int(error.why != "closed"), note=error.why)
    sku, (in_gate, in_ledger) = min(differing.items())
    first = f"{sku}: gate {in_gate}, ledger {in_ledger}"
    return Finding(code, figure, is_sound=False, broken=len(differing), first_broken=first)


@transaction.atomic
def _compare_gate(place: Warehouse) -> tuple[int, dict[str, tuple[int | None, int | None]]]:
    """Free stock by SKU: the gate's, plus what it gave to promises that are not folded, against the ledger's.

    The folder's lock is held, so nothing is given back meanwhile.
    """
    locks.hold_folder(place.pk)
    gate = StockGate.objects.filter(pk=place.pk, mode=GateMode.OPEN).first()
    if gate is None:
        raise GateNotReady("closed")
    carry(place.pk)
    shot = stock_gate.snapshot(place.code, gate.epoch)
    ledger, written = _read_ledger(place, shot)
    in_gate = Counter(shot.free)
    for entry in shot.pending:
        if entry.ticket not in written:
            in_gate.update(dict(entry.lines))
    known = ledger.keys() & in_gate.keys()
    differing = {sku: (in_gate.get(sku), ledger.get(sku)) for sku in ledger.keys() ^ in_gate.keys()}
    differing |= {sku: (in_gate[sku], ledger[sku]) for sku in known if in_gate[sku] != ledger[sku]}
    return len(ledger), differing


def _read_ledger(place: Warehouse, shot: Snapshot) -> tuple[dict[str, int], set[int]]:
    """What the gate should hold by SKU, and which of its pending tickets have a reservation: both in one instant."""
    ledger: dict[str, int] = {}
    written: set[int] = set()
    values: dict[str, Any] = {
        "warehouse": place.pk,
        "epoch": shot.epoch,
        "ticket": shot.ticket,
        "pending": [entry.ticket for entry in shot.pending],
    }
    with connection.cursor() as cursor:
        cursor.execute(GATE_SHOULD_HOLD, values)
        for sku, number in cursor.fetchall():
            if sku is None:
                written.add(int(number))
            else:
                ledger[sku] = int(number)
    return ledger, written


def _fold_quietly(warehouse_id: int) -> None:
    try:
        fold(warehouse_id)
    except GateNotReady:
        return  # the gate's own finding tells it


def _keep(report: AuditReport) -> None:
    findings = [{name: getattr(one, name) for name in Finding.__slots__} for one in report.findings]
    StockAudit.objects.create(
        started_at=report.started_at, finished_at=report.finished_at, is_sound=report.is_sound, findings=findings
    )
    kept = StockAudit.objects.order_by("-id").values("id")[KEPT : KEPT + 1]
    StockAudit.objects.filter(id__lte=kept).delete()
