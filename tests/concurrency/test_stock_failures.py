"""What Redis, the folder and disagreeing workers can do to stock: make it slower, never wrong."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings as django_settings

from inventory import stock_gate
from inventory.api import (
    InsufficientStock,
    StockNotReady,
    audit_stock,
    get_stock,
    rebuild_gate,
    release_reservation,
    reserve,
)
from inventory.models import FoldBatch, Reservation, Sku, StockGate, StockLevel, Warehouse
from inventory.services.fold import fold
from inventory.services.tend import tend_stock
from inventory.stock_gate import GateNotReady
from oms.stack import ports, processes
from oms.stack.valkey import Valkey
from tests.concurrency.crowds import at_once
from tests.inventory.committed import committed, fill_shelf, really_committed
from tests.inventory.folding import fold_all

__all__ = ["committed"]
pytestmark = [really_committed, pytest.mark.usefixtures("committed")]
HERE = Path(__file__).resolve().parent.parent.parent


class OwnValkey:
    """A Valkey that this test may wipe, kill and bring back."""

    def __init__(self, folder: Path) -> None:
        self.server = Valkey(folder, ports.pick(), "tests")
        self.server.prepare()
        self.start()

    def start(self) -> None:
        self.child = processes.spawn(
            self.server.command, log=self.server.folder / "log", environ=os.environ, folder=self.server.folder
        )
        assert processes.wait_until(self.server.is_ready, seconds=20)

    def kill(self) -> None:
        self.child.send_signal(signal.SIGKILL)
        self.child.wait()

    @property
    def files(self) -> Path:
        return self.server.folder / "appendonlydir"


@pytest.fixture
def valkey(tmp_path: Path, settings: Any) -> Iterator[OwnValkey]:
    own = OwnValkey(tmp_path / "valkey")
    settings.STOCK_REDIS_URL = own.server.url
    yield own
    own.kill()


def buy(reservation_id: str, qty: int = 1) -> int:
    """How many were sold: as a shop would, asked again while stock changes hands."""
    for _try in range(50):
        try:
            reserve(reservation_id=reservation_id, lines=[("A", qty)], warehouse_code="WH-1")
        except InsufficientStock:
            return 0
        except StockNotReady:
            time.sleep(0.1)
            continue
        return qty
    raise AssertionError("stock never became ready")


def assert_exact(sold: int, *, of: int) -> None:
    (row,) = get_stock(["A"], "WH-1")
    assert (row.reserved, row.available) == (sold, of - sold)
    tend_stock()
    report = audit_stock()
    assert report.is_sound, [finding for finding in report.findings if not finding.is_sound]


def wipe() -> None:
    stock_gate._client(django_settings.STOCK_REDIS_URL).flushall()


def test_a_wiped_gate_says_not_ready_and_neither_zero_nor_plenty(valkey: OwnValkey) -> None:
    fill_shelf(qty=10, skus=("A",))
    assert buy("r1", 4) == 4
    wipe()
    with pytest.raises(GateNotReady, match="not_loaded"):
        stock_gate.reserve("WH-1", 1, "r2", [("A", 1)], "sellable")
    assert buy("r2", 6) == 6, "PostgreSQL answers exactly meanwhile"
    assert buy("r3") == 0
    assert StockGate.objects.get().mode == "closed"
    tend_stock()
    assert StockGate.objects.get().mode == "open"
    assert buy("r4") == 0
    assert_exact(10, of=10)


def test_a_gate_that_lost_its_values_but_not_its_epoch_is_rebuilt(valkey: OwnValkey) -> None:
    fill_shelf(qty=10, skus=("A",))
    stock_gate._client(django_settings.STOCK_REDIS_URL).delete(stock_gate._keys("WH-1")[1])
    assert buy("r1", 10) == 10
    assert buy("r2") == 0
    assert_exact(10, of=10)


def test_a_restarted_gate_with_older_data_is_not_believed(valkey: OwnValkey, tmp_path: Path) -> None:
    """Its file says that all ten are free under the valid epoch; PostgreSQL knows that they are sold."""
    fill_shelf(qty=10, skus=("A",))
    time.sleep(1.2)  # appendfsync everysec
    shutil.copytree(valkey.files, tmp_path / "older")
    assert buy("r1", 10) == 10
    valkey.kill()
    shutil.rmtree(valkey.files)
    shutil.copytree(tmp_path / "older", valkey.files)
    valkey.start()
    free = stock_gate._client(django_settings.STOCK_REDIS_URL).hgetall(stock_gate._keys("WH-1")[1])
    assert free == {b"A": b"10"}
    assert buy("r2") == 0
    assert_exact(10, of=10)
    assert buy("r3") == 0


def test_stock_is_sold_exactly_while_the_gate_is_wiped_again_and_again(valkey: OwnValkey) -> None:
    fill_shelf(qty=200, skus=("A",))
    is_over = threading.Event()

    def buy_all(buyer: int) -> int:
        return sum(buy(f"{buyer}-{number}") for number in range(20))

    def wipe_and_tend() -> int:
        while not is_over.is_set():
            wipe()
            tend_stock()
            time.sleep(0.05)
        return 0

    chaos = threading.Thread(target=at_once, args=([wipe_and_tend],))
    chaos.start()
    sold = at_once(partial(buy_all, buyer) for buyer in range(12))
    is_over.set()
    chaos.join()
    assert sum(sold) == 200
    assert_exact(200, of=200)


def test_stock_is_sold_exactly_while_the_gate_is_killed_and_comes_back(valkey: OwnValkey) -> None:
    fill_shelf(qty=100, skus=("A",))
    is_over = threading.Event()

    def keep_tending() -> int:
        while not is_over.is_set():
            tend_stock()
            time.sleep(0.1)
        return 0

    def buy_all(buyer: int) -> int:
        return sum(buy(f"{buyer}-{number}") for number in range(20))

    sold: list[Any] = []
    chaos = threading.Thread(target=at_once, args=([keep_tending],))
    crowd = threading.Thread(target=lambda: sold.extend(at_once(partial(buy_all, buyer) for buyer in range(8))))
    chaos.start()
    crowd.start()
    # Here and not in a thread: a server ends with the thread that started it.
    for _time in range(2):
        time.sleep(0.3)
        valkey.kill()
        time.sleep(0.3)
        valkey.start()
    crowd.join()
    is_over.set()
    chaos.join()
    assert sum(sold) == 100
    assert_exact(100, of=100)


def test_without_redis_reservations_go_on_in_postgresql_and_the_gate_reopens_later(valkey: OwnValkey) -> None:
    fill_shelf(qty=10, skus=("A",))
    valkey.kill()
    assert buy("r1", 4) == 4
    tend_stock()
    assert StockGate.objects.get().mode == "closed"
    assert buy("r2", 6) == 6
    assert buy("r3") == 0
    release_reservation(reservation_id="r1", reason="cancelled")
    valkey.start()
    tend_stock()
    assert StockGate.objects.get().mode == "open"
    assert buy("r4", 4) == 4
    assert_exact(10, of=10)


SELL = """
import django; django.setup()
from inventory.api import InsufficientStock, reserve
sold = 0
while True:
    try:
        reserve(reservation_id=f"other-{sold}", lines=[("A", 1)], warehouse_code="WH-1")
    except InsufficientStock:
        break
    sold += 1
print(sold)
"""
FOLD_FOR_EVER = """
import django; django.setup()
from inventory.api import tend_stock
print("ready", flush=True)
while True:
    tend_stock()
"""


def spawn_python(code: str, **environ: str) -> "subprocess.Popen[str]":
    """Another process of the product, on this test's database."""
    base = django_settings.DATABASES["default"]
    user, password = quote(base["USER"]), quote(base["PASSWORD"])
    url = f"postgres://{user}:{password}@{base['HOST']}:{base['PORT']}/{base['NAME']}"
    merged = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "oms.settings"} | environ
    return subprocess.Popen([sys.executable, "-c", code], cwd=HERE, env=merged, stdout=subprocess.PIPE, text=True)


def test_two_workers_that_disagree_about_redis_sell_no_unit_twice(valkey: OwnValkey) -> None:
    fill_shelf(qty=120, skus=("A",))
    nowhere = f"redis://127.0.0.1:{ports.pick()}/0"
    blind = spawn_python(SELL, OMS_STOCK_REDIS_URL=nowhere)
    mine = 0
    while blind.poll() is None or buy(f"mine-{mine}"):
        mine += buy(f"mine-{mine}")
        tend_stock()
        time.sleep(0.02)
    others = int(blind.communicate()[0].splitlines()[-1])
    assert Reservation.objects.filter(state="held").count() == 120
    assert others > 0
    assert_exact(120, of=120)


def test_a_folder_killed_at_any_moment_counts_everything_once(valkey: OwnValkey) -> None:
    fill_shelf(qty=100_000, skus=("A",))
    environ = {"OMS_STOCK_REDIS_URL": valkey.server.url}
    number = 0
    for life in range(4):
        folder = spawn_python(FOLD_FOR_EVER, **environ)
        assert folder.stdout is not None
        folder.stdout.readline()
        ends = time.monotonic() + 0.4 + 0.13 * life
        while time.monotonic() < ends:
            number += buy(f"r{number}")
            if number % 3 == 0:
                release_reservation(reservation_id=f"r{number - 1}", reason="cancelled")
        folder.kill()
        folder.wait()
    fold_all()
    held = Reservation.objects.filter(state="held").count()
    assert StockLevel.objects.get().reserved_qty == held
    assert_exact(held, of=100_000)


def test_a_batch_that_did_not_arrive_is_sent_again_and_counts_once(
    valkey: OwnValkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_shelf(qty=10, skus=("A",))
    assert buy("r1", 10) == 10
    fold_all()
    release_reservation(reservation_id="r1", reason="cancelled")
    real = stock_gate.apply

    def apply_and_lose_the_answer(*args: object) -> None:
        real(*args)
        raise GateNotReady("unreachable")

    monkeypatch.setattr(stock_gate, "apply", apply_and_lose_the_answer)
    with pytest.raises(GateNotReady):
        fold_all()
    assert FoldBatch.objects.count() == 1
    monkeypatch.undo()
    fold_all()
    assert FoldBatch.objects.count() == 0
    assert stock_gate.snapshot("WH-1", 1).free == {"A": 10}
    assert_exact(0, of=10)


def test_the_gate_takes_only_the_next_batch(valkey: OwnValkey) -> None:
    fill_shelf(qty=10, skus=("A",))
    one = [stock_gate.Credit("A", 1, 0, 0)]
    start = stock_gate.snapshot("WH-1", 1).batch
    assert stock_gate.apply("WH-1", 1, start + 2, one, []) == stock_gate.Code.GAP
    assert stock_gate.apply("WH-1", 1, start + 1, one, []) == stock_gate.Code.OK
    assert stock_gate.apply("WH-1", 1, start + 1, one, []) == stock_gate.Code.ALREADY
    assert stock_gate.snapshot("WH-1", 1).free == {"A": 11}
    assert not audit_stock().is_sound, "the auditor sees what the ledger does not know"
    rebuild_gate("WH-1")
    assert audit_stock().is_sound


def test_ten_thousand_skus_are_loaded_within_ten_seconds(valkey: OwnValkey) -> None:
    place = Warehouse.objects.create(code="WH-BIG", name="big")
    skus = Sku.objects.bulk_create(Sku(code=f"SKU-{number:05}", name="x") for number in range(10_000))
    StockLevel.objects.bulk_create(StockLevel(warehouse=place, sku=sku, on_hand_qty=3) for sku in skus)
    started = time.monotonic()
    assert rebuild_gate("WH-BIG") == 10_000
    assert time.monotonic() - started < 10
    assert fold(place.pk) == 0
    assert reserve(reservation_id="r1", lines=[("SKU-09999", 3)], warehouse_code="WH-BIG").state == "held"
