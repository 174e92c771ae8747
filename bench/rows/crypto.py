"""Sealing an order's personal fields for storage, against the bare primitives doing the same work."""

import hmac
import os
import time

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bench.row import Goal, Row
from kernel.crypto import blind_index
from kernel.crypto.cipher import FieldCipher
from kernel.ids import uuid7

ORDERS = 20_000
NAME, PHONE, ADDRESS = "王小明".encode(), b"+8613800001111", "上海市浦东新区世纪大道100号临时安置点3楼".encode()
FIELDS = tuple(FieldCipher("orders_address", name) for name in ("name", "phone", "address"))
AEADS = tuple(AESGCM(os.urandom(32)) for _ in range(3))
BLIND_KEY = os.urandom(32)


def ours() -> float:
    """Seconds for three sealed fields and a blind index an order, row-bound and with their key ids."""
    uid = uuid7()
    name, phone, address = FIELDS
    started = time.process_time()
    for _ in range(ORDERS):
        name.seal(uid, NAME)
        phone.seal(uid, PHONE)
        address.seal(uid, ADDRESS)
        blind_index("phone", "+8613800001111")
    return time.process_time() - started


def bare() -> float:
    """Seconds for AES-256-GCM with a fresh nonce and authenticated data, and HMAC-SHA256, with nothing around them."""
    bound = b"orders_address|phone|" + uuid7().bytes
    name, phone, address = AEADS
    started = time.process_time()
    for _ in range(ORDERS):
        name.encrypt(os.urandom(12), NAME, bound)
        phone.encrypt(os.urandom(12), PHONE, bound)
        address.encrypt(os.urandom(12), ADDRESS, bound)
        hmac.digest(BLIND_KEY, PHONE, "sha256")
    return time.process_time() - started


ROW = Row(
    name="crypto",
    what=f"seal 3 fields + blind index, {ORDERS:,} orders",
    unit="CPU s",
    ours=ours,
    yardstick=bare,
    yardstick_is="bare AESGCM + HMAC",
    goal=2.0,
    read=Goal.AT_MOST,
)
