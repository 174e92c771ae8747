"""Sealing and opening one value: AES-256-GCM with the row in the authenticated data.

A ciphertext is: format byte 1, key id (2 bytes), nonce (12 bytes), encrypted value, tag (16 bytes). The key in use is
derived (HKDF-SHA256) from the data key for each `table|field`, so random nonces stay safe for 2³² values per field and
key.
"""

import os
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kernel.crypto import keys
from kernel.crypto.errors import DecryptionFailed, KeysMissing

FORMAT = b"\x01"
_NONCE = slice(3, 15)
_SHORTEST = 3 + 12 + 16


class FieldCipher:
    """Seals and opens the values of one field of one table."""

    def __init__(self, table: str, field: str) -> None:
        self.place = f"{table}|{field}"
        self._prefix = f"{self.place}|".encode()
        self._newest: tuple[keys.KeyRing, bytes, AESGCM] | None = None

    def seal(self, uid: UUID, plain: bytes) -> bytes:
        """Encrypt for the row `uid` under the newest key."""
        ring = keys.ring()
        if self._newest is None or self._newest[0] is not ring:
            key_id = ring.active_data
            self._newest = ring, FORMAT + key_id.to_bytes(2), _derive(ring.data[key_id], self.place)
        _, header, aead = self._newest
        nonce = os.urandom(12)
        return header + nonce + aead.encrypt(nonce, plain, self._prefix + uid.bytes)

    def open(self, uid: UUID, ciphertext: bytes) -> bytes:
        """Decrypt what was sealed for the row `uid`. Raises DecryptionFailed or KeysMissing, naming the place only."""
        if len(ciphertext) < _SHORTEST or ciphertext[:1] != FORMAT:
            raise DecryptionFailed(f"{self.place}: not a ciphertext of ours")
        aead = _find(key_id_of(ciphertext), self.place)
        try:
            return aead.decrypt(ciphertext[_NONCE], ciphertext[15:], self._prefix + uid.bytes)
        except InvalidTag as error:
            raise DecryptionFailed(f"{self.place}: the ciphertext does not belong to row {uid}") from error


def key_id_of(ciphertext: bytes) -> int:
    """Which data key a ciphertext names."""
    return int.from_bytes(ciphertext[1:3])


def _find(key_id: int, place: str) -> AESGCM:
    if key_id not in keys.ring().data:
        keys.forget()  # another process may have rotated since we read the ring
    if key_id not in keys.ring().data:
        raise KeysMissing(f"{place}: data key {key_id} is not in the key ring")
    return _derive(keys.ring().data[key_id], place)


@lru_cache(maxsize=1024)
def _derive(key: bytes, place: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=f"oms data key|{place}".encode()).derive(key))
