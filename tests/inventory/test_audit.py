import json

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, connection, transaction

from inventory import stock_gate
from inventory.api import InsufficientStock, audit_stock, get_stock, reserve
from inventory.models import Movement, Reservation, ReservationLine, Sku, StockAudit, StockLevel
from inventory.services.gatekeeper import read_epoch
from kernel.redis import missing_header_parts
from tests.inventory.folding import fold_all

pytestmark = pytest.mark.django_db


def broken(report: object) -> dict[str, str]:
    return {finding.code: finding.first_broken for finding in report.findings if not finding.is_sound}


def test_a_sound_house_is_told_and_kept(shelf: str) -> None:
    reserve(reservation_id="r1", lines=[("A", 3)], warehouse_code=shelf)
    assert broken(audit_stock()) == {}
    assert StockAudit.objects.get().is_sound


@pytest.mark.parametrize(
    ("column", "codes"),
    [
        ("on_hand_qty", {"ledger_on_hand"}),
        ("reserved_qty", {"ledger_reserved", "held_reserved"}),
        ("committed_qty", {"ledger_committed", "committed_committed"}),
    ],
)
def test_a_drifted_level_is_found_with_its_first_entry(shelf: str, column: str, codes: set[str]) -> None:
    StockLevel.objects.filter(sku__code="B").update(**{column: 9})
    found = broken(audit_stock())
    assert set(found) == codes
    assert all(entry.startswith("B@WH-1: level 9") for entry in found.values())


def test_a_line_without_its_reservation_is_found(shelf: str) -> None:
    ReservationLine.objects.create(reservation_id=4711, sku=Sku.objects.get(code="A"), qty=1)
    assert "reservation 4711" in broken(audit_stock())["none_orphaned"]


def test_a_promise_beyond_the_shelf_is_found_unless_a_loss_was_booked(shelf: str) -> None:
    reserve(reservation_id="r1", lines=[("A", 10)], warehouse_code=shelf)
    fold_all()
    StockLevel.objects.filter(sku__code="A").update(on_hand_qty=9)
    assert "promises_covered" in broken(audit_stock())
    StockLevel.objects.filter(sku__code="A").update(on_hand_qty=10)
    call_command("set_stock", "--sku=A", "--warehouse=WH-1", "--qty=9", "--reason=lost")
    assert broken(audit_stock()) == {}


def test_the_ledger_is_written_once_and_never_altered(shelf: str) -> None:
    for act in (lambda: Movement.objects.update(on_hand_delta=1), lambda: Movement.objects.all().delete()):
        with pytest.raises(InternalError), transaction.atomic():
            act()


def test_a_code_that_keys_are_made_of_never_changes(shelf: str) -> None:
    with pytest.raises(InternalError), transaction.atomic():
        Sku.objects.filter(code="A").update(code="Z")


def test_the_command_prints_json_and_ends_with_1_on_a_broken_invariant(
    shelf: str, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("audit_stock", "--json")
    assert json.loads(capsys.readouterr().out)["is_sound"]
    with pgtrigger.ignore("inventory.Movement:movement_append_only"):
        Movement.objects.filter(sku__code="A").update(on_hand_delta=3)
    with pytest.raises(SystemExit) as end:
        call_command("audit_stock")
    assert end.value.code == 1
    assert "BROKEN" in capsys.readouterr().out


def test_set_stock_makes_what_is_missing_only_when_asked(db: None) -> None:
    arguments = ["--sku=NEW", "--warehouse=WH-NEW", "--qty=5", "--reason=opening"]
    with pytest.raises(CommandError, match="unknown_sku"):
        call_command("set_stock", *arguments)
    call_command("set_stock", *arguments, "--create")
    (row,) = get_stock(["NEW"], "WH-NEW")
    assert (row.on_hand, row.available) == (5, 5)


def test_every_script_says_what_goes_in_what_comes_out_and_what_it_costs() -> None:
    for path in stock_gate.SCRIPTS.glob("*.lua"):
        assert missing_header_parts(path.read_text()) == [], path.name
        assert len(path.read_text().splitlines()) <= 60, path.name


def test_rebuild_gate_opens_it_by_hand(shelf: str) -> None:
    call_command("rebuild_gate", "--warehouse=WH-1")
    assert read_epoch("WH-1") == 1
    reserve(reservation_id="r1", lines=[("A", 10)], warehouse_code="WH-1")
    with pytest.raises(InsufficientStock):
        reserve(reservation_id="r2", lines=[("A", 1)], warehouse_code="WH-1")
    assert Reservation.objects.get().gate_ticket == 1
    assert connection.in_atomic_block
