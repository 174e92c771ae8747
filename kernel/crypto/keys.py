"""Where keys come from: a key provider gives a key ring. Built in: a file, and the environment.

A ring holds data keys (any may decrypt, the first encrypts) and blind-index keys (any may search, the first writes).
No data key encrypts anything itself: each table and field has its own key, derived from it. A provider for Vault or a
cloud KMS unwraps its stored ring in `load`; nothing else changes.
"""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from django.conf import settings

from kernel.crypto.errors import KeysMissing

KEY_BYTES = 32
FILE_NAME = "keyring.json"


@dataclass(frozen=True)
class KeyRing:
    """Keys by id, the one in use first. Data key ids are 1–65535, blind versions 1–255."""

    data: dict[int, bytes]
    blind: dict[int, bytes]

    @property
    def active_data(self) -> int:
        return next(iter(self.data))

    @property
    def active_blind(self) -> int:
        return next(iter(self.blind))


class KeyProvider(Protocol):
    """What a key store must do. Raises KeysMissing when it has none."""

    def load(self) -> KeyRing: ...


class FileKeys:
    """`keyring.json` in OMS_KEYS_DIR, readable by its owner alone."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME

    def load(self) -> KeyRing:
        if not self.path.exists():
            raise KeysMissing(f"there is no {FILE_NAME} in OMS_KEYS_DIR: run manage.py generate_keys")
        return read_ring(self.path.read_text())

    def create(self) -> bool:
        """Write a first ring unless there is one; two processes that try at once end with one ring. True if it is ours."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self.path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
        self._write(draft, fresh_ring())
        try:
            os.link(draft, self.path)
        except FileExistsError:
            return False
        finally:
            draft.unlink()
        return True

    def replace(self, ring: KeyRing) -> None:
        """Put a changed ring in the place of the old one, in one step."""
        draft = self.path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
        self._write(draft, ring)
        draft.replace(self.path)

    @staticmethod
    def _write(path: Path, ring: KeyRing) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(write_ring(ring))
            file.flush()
            os.fsync(file.fileno())


class EnvironmentKeys:
    """The text that `generate_keys --print` shows, in OMS_ENCRYPTION_KEYS."""

    def __init__(self, text: str) -> None:
        self.text = text

    def load(self) -> KeyRing:
        return read_ring(self.text)


def provider() -> KeyProvider:
    """The environment's keys if there are any, else the file's."""
    if settings.OMS_ENCRYPTION_KEYS:
        return EnvironmentKeys(settings.OMS_ENCRYPTION_KEYS)
    return FileKeys(settings.OMS_KEYS_DIR)


@cache
def ring() -> KeyRing:
    """The keys of this process. In demo mode a missing file is made; elsewhere that is an error that a system check
    tells first.
    """
    source = provider()
    if settings.OMS_DEMO and isinstance(source, FileKeys):
        source.create()
    return source.load()


def forget() -> None:
    """Read the keys anew at their next use (somebody rotated them)."""
    ring.cache_clear()


def fresh_ring() -> KeyRing:
    return KeyRing(data={_free_id({}, 0xFFFF): _new_key()}, blind={1: _new_key()})


def with_new_data_key(old: KeyRing) -> KeyRing:
    """The ring with one more data key, which encrypts from now on; the old ones still decrypt."""
    return KeyRing(data={_free_id(old.data, 0xFFFF): _new_key()} | old.data, blind=old.blind)


def with_new_blind_key(old: KeyRing) -> KeyRing:
    """The ring with one more blind-index key; searches ask for all versions until the old rows are written anew."""
    return KeyRing(data=old.data, blind={max(old.blind) + 1: _new_key()} | old.blind)


def read_ring(text: str) -> KeyRing:
    """Parse a ring. Raises KeysMissing, without repeating the text, when it is not one."""
    try:
        stored = json.loads(text)
        ring = KeyRing(data=_decode(stored["data"]), blind=_decode(stored["blind"]))
    except (ValueError, KeyError, TypeError) as error:
        raise KeysMissing("the key ring cannot be read: it must be what manage.py generate_keys wrote") from error
    if not ring.data or not ring.blind:
        raise KeysMissing("the key ring has no keys")
    return ring


def write_ring(ring: KeyRing) -> str:
    """The ring as one line of JSON."""
    return json.dumps({"data": _encode(ring.data), "blind": _encode(ring.blind)})


def _encode(keys: dict[int, bytes]) -> list[list[int | str]]:
    return [[key_id, base64.b64encode(key).decode()] for key_id, key in keys.items()]


def _decode(entries: list[list[int | str]]) -> dict[int, bytes]:
    keys = {int(key_id): base64.b64decode(str(text), validate=True) for key_id, text in entries}
    if any(len(key) != KEY_BYTES for key in keys.values()):
        raise ValueError("a key must be 32 bytes")
    return keys


def _new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def _free_id(taken: dict[int, bytes], most: int) -> int:
    # Random, so that a ring made by mistake beside existing data is told apart: its ids are not those of the data.
    while (key_id := secrets.randbelow(most) + 1) in taken:
        pass
    return key_id
