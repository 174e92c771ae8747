"""Row identities that may be shown outside: UUIDv7, so that new rows lie together in their index."""

import os
import time
from uuid import UUID

_VERSION_7 = 0x7 << 76
_VARIANT = 0b10 << 62
_RANDOM_BITS = (1 << 62) - 1


def uuid7() -> UUID:
    """A UUIDv7 (RFC 9562): 48 bits of milliseconds, 12 bits of what is below them, 62 random bits."""
    milliseconds, nanoseconds = divmod(time.time_ns(), 1_000_000)
    below = (nanoseconds << 12) // 1_000_000
    noise = int.from_bytes(os.urandom(8)) & _RANDOM_BITS
    return UUID(int=(milliseconds << 80) | _VERSION_7 | (below << 64) | _VARIANT | noise)
