"""What the simulated platform remembers: one SQLite file of its own, shared by the threads of its process."""

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from channels_sync.simulator.dialect import SimShop
from channels_sync.simulator.orders import SimOrder, SimShipment, from_document, to_document
from kernel import clock

SCHEMA = """
CREATE TABLE IF NOT EXISTS shop (code TEXT PRIMARY KEY, document TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS orders (
    shop TEXT NOT NULL, order_id TEXT NOT NULL, updated_at TEXT NOT NULL, status TEXT NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (shop, order_id)
);
CREATE INDEX IF NOT EXISTS orders_updated ON orders (shop, updated_at);
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY AUTOINCREMENT, shop TEXT NOT NULL, topic TEXT NOT NULL, content TEXT NOT NULL,
    published_at TEXT NOT NULL, visible_at TEXT NOT NULL, is_confirmed INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS message_waiting ON message (shop, visible_at) WHERE is_confirmed = 0;
CREATE TABLE IF NOT EXISTS agenda (
    id INTEGER PRIMARY KEY AUTOINCREMENT, due_at TEXT NOT NULL, shop TEXT NOT NULL, order_id TEXT NOT NULL,
    event TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
"""
# A message that is not confirmed in this time is handed out again.
REDELIVER_AFTER = timedelta(seconds=30)
# The platform echoes what we told it, and later the buyer signs for the parcel.
ECHO_AFTER = timedelta(seconds=2)
SIGNED_AFTER = timedelta(minutes=10)
OPEN = ("to_ship", "part_shipped")


class NotShippable(Exception):
    """Why a shipment is refused: unknown_order, wrong_status or other_number."""


class OrderBook:
    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """One change at a time, all or nothing; a change inside another joins it."""
        with self._lock:
            if self._db.in_transaction:
                yield self._db
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    # --- shops ---
    def connect(self, shop: SimShop) -> None:
        with self.changing() as db:
            db.execute("INSERT OR REPLACE INTO shop VALUES (?, ?)", (shop.code, json.dumps(asdict(shop))))

    def shop(self, code: str) -> SimShop | None:
        rows = self._rows("SELECT document FROM shop WHERE code = ?", code)
        return SimShop(**json.loads(rows[0][0])) if rows else None

    def shops(self) -> list[SimShop]:
        return [SimShop(**json.loads(row[0])) for row in self._rows("SELECT document FROM shop ORDER BY code")]

    # --- orders ---
    def next_number(self, name: str, start: int) -> int:
        with self.changing() as db:
            db.execute("INSERT OR IGNORE INTO counter VALUES (?, ?)", (name, start))
            db.execute("UPDATE counter SET value = value + 1 WHERE name = ?", (name,))
            return int(db.execute("SELECT value FROM counter WHERE name = ?", (name,)).fetchone()[0])

    def save(self, shop: str, order: SimOrder) -> None:
        document = json.dumps(to_document(order), ensure_ascii=False)
        values = (shop, order.order_id, order.updated_at.isoformat(), order.status, document)
        with self.changing() as db:
            db.execute("INSERT OR REPLACE INTO orders VALUES (?, ?, ?, ?, ?)", values)

    def order(self, shop: str, order_id: str) -> SimOrder | None:
        rows = self._rows("SELECT document FROM orders WHERE shop = ? AND order_id = ?", shop, order_id)
        return from_document(json.loads(rows[0][0])) if rows else None

    def changed(self, shop: str, since: datetime, until: datetime) -> list[SimOrder]:
        rows = self._rows(
            "SELECT document FROM orders WHERE shop = ? AND updated_at BETWEEN ? AND ? ORDER BY updated_at, order_id",
            shop,
            since.isoformat(),
            until.isoformat(),
        )
        return [from_document(json.loads(row[0])) for row in rows]

    def forget_orders(self, shops: Iterable[str]) -> None:
        with self.changing() as db:
            db.executemany("DELETE FROM orders WHERE shop = ?", [(shop,) for shop in shops])

    def all_orders(self, shop: str) -> list[SimOrder]:
        rows = self._rows("SELECT document FROM orders WHERE shop = ? ORDER BY order_id", shop)
        return [from_document(json.loads(row[0])) for row in rows]

    def ship(
        self, shop: str, order_id: str, *, key: str, carrier: str, tracking_no: str, line_ids: list[str] | None
    ) -> SimShipment:
        """Take a shipment once: the same number again is the same shipment, another one is refused."""
        with self.changing():
            order = self.order(shop, order_id)
            if order is None:
                raise NotShippable("unknown_order")
            for known in order.shipments:
                if tracking_no == known.tracking_no or key == known.key:
                    return known
            if order.status not in OPEN:
                raise NotShippable("other_number" if order.shipments else "wrong_status")
            number = str(self.next_number(f"shipment:{shop}", 600_000))
            shipment = SimShipment(number, key, carrier, tracking_no, clock.now().isoformat(), line_ids or [])
            _add(order, shipment)
            self.save(shop, order)
            self.plan(clock.now() + ECHO_AFTER, shop, order_id, "ship")
            if order.status == "shipped":
                self.plan(clock.now() + SIGNED_AFTER, shop, order_id, "done")
            return shipment

    # --- the message queue ---
    def publish(self, shop: str, topic: str, content: dict[str, Any]) -> None:
        now = clock.now().isoformat()
        with self.changing() as db:
            db.execute(
                "INSERT INTO message (shop, topic, content, published_at, visible_at) VALUES (?, ?, ?, ?, ?)",
                (shop, topic, json.dumps(content, ensure_ascii=False), now, now),
            )

    def consume(self, shop: str, limit: int) -> list[tuple[int, str, str, datetime]]:
        now = clock.now()
        with self.changing() as db:
            rows = db.execute(
                "SELECT id, topic, content, published_at FROM message"
                " WHERE shop = ? AND is_confirmed = 0 AND visible_at <= ? ORDER BY id LIMIT ?",
                (shop, now.isoformat(), limit),
            ).fetchall()
            again_at = (now + REDELIVER_AFTER).isoformat()
            db.executemany("UPDATE message SET visible_at = ? WHERE id = ?", [(again_at, row[0]) for row in rows])
        return [(row[0], row[1], row[2], datetime.fromisoformat(row[3])) for row in rows]

    def confirm(self, shop: str, message_ids: list[str]) -> None:
        with self.changing() as db:
            marks = [(shop, message_id) for message_id in message_ids]
            db.executemany("UPDATE message SET is_confirmed = 1 WHERE shop = ? AND id = ?", marks)

    def waiting_messages(self, shop: str) -> int:
        return int(self._rows("SELECT count(*) FROM message WHERE shop = ? AND is_confirmed = 0", shop)[0][0])

    # --- what will happen ---
    def plan(self, due_at: datetime, shop: str, order_id: str, event: str) -> None:
        with self.changing() as db:
            db.execute(
                "INSERT INTO agenda (due_at, shop, order_id, event) VALUES (?, ?, ?, ?)",
                (due_at.isoformat(), shop, order_id, event),
            )

    def take_due(self, now: datetime) -> list[tuple[str, str, str]]:
        with self.changing() as db:
            rows = db.execute(
                "SELECT id, shop, order_id, event FROM agenda WHERE due_at <= ? ORDER BY due_at, id LIMIT 50",
                (now.isoformat(),),
            ).fetchall()
            db.executemany("DELETE FROM agenda WHERE id = ?", [(row[0],) for row in rows])
        return [(row[1], row[2], row[3]) for row in rows]


def _add(order: SimOrder, shipment: SimShipment) -> None:
    """Put a shipment on the order; one that names no lines carries them all."""
    lines = [line for line in order.lines if not shipment.line_ids or line.line_id in shipment.line_ids]
    for line in lines:
        line.shipped_qty, line.tracking_no = line.qty, shipment.tracking_no
    shipment.line_ids = [line.line_id for line in lines]
    order.shipments.append(shipment)
    order.status = "shipped" if all(line.shipped_qty for line in order.lines) else "part_shipped"
    order.updated_at = clock.now()
    order.shipped_at = order.shipped_at or order.updated_at
