"""One round of the sweeper over all warehouses: fold, watch the gates, reopen what is closed, reap what is left over."""

import structlog
from django.db import DatabaseError

from inventory import stock_gate
from inventory.choices import GateMode
from inventory.models import Warehouse
from inventory.services.fold import fold
from inventory.services.gatekeeper import close_gate, rebuild_gate
from inventory.services.reap import PENDING_SECONDS, reap_pending
from inventory.stock_gate import GateNotReady

log = structlog.get_logger()


def tend_stock() -> int:
    """Fold every warehouse and keep its gate open if Redis can be trusted. Returns how many reservations were folded."""
    return sum(_tend_safely(pk, code) for pk, code in list(Warehouse.objects.values_list("pk", "code")))


def _tend_safely(pk: int, code: str) -> int:
    """What goes wrong in one warehouse must not stop the others."""
    try:
        return tend_warehouse(pk, code)
    except DatabaseError:
        log.exception("stock_not_tended", warehouse=code)
        return 0


def tend_warehouse(pk: int, code: str) -> int:
    folded = 0
    try:
        folded = fold(pk)
        _check(pk, code)
    except GateNotReady as error:
        log.info("stock_gate_not_ready", warehouse=code, why=error.why)
        _reopen(code)
    return folded


def reap_stock(*, older_than: int = PENDING_SECONDS) -> int:
    """Give back what the gates gave to reservations that were never written. Returns how many."""
    reaped = 0
    for code, epoch in _open_gates():
        try:
            reaped += reap_pending(code, epoch, older_than=older_than)
        except GateNotReady as error:
            log.info("stock_gate_not_ready", warehouse=code, why=error.why)
    return reaped


def _check(pk: int, code: str) -> None:
    """Raise GateNotReady unless the gate is open and its Redis still has this loading; a gate that lost it is closed."""
    mode, epoch = Warehouse.objects.values_list("gate__mode", "gate__epoch").get(pk=pk)
    if mode != GateMode.OPEN:
        raise GateNotReady("closed")
    stock_gate.check(code, epoch)


def _reopen(code: str) -> None:
    for open_code, epoch in _open_gates():
        if open_code == code:
            close_gate(code, epoch=epoch, why="not_ready")
    try:
        # Asked first: a rebuild holds reservations up, which is no use while Redis is away.
        stock_gate.ping()
        rebuild_gate(code)
    except GateNotReady as error:
        log.warning("stock_gate_stays_closed", warehouse=code, why=error.why)


def _open_gates() -> list[tuple[str, int]]:
    gates = Warehouse.objects.filter(gate__mode=GateMode.OPEN)
    return list(gates.values_list("code", "gate__epoch"))
