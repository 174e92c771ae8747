"""Finding an encrypted value by equality: HMAC-SHA256 of its normalised form under a key of its own, behind a version
byte.

Only full values can be found. Never index a masked value: many people share it.
"""

import hmac
import re
import unicodedata

import phonenumbers

from kernel.crypto import keys

INDEX_BYTES = 33
_DIALLED = re.compile(r"[\d\s()+./-]+")


def blind_index(kind: str, normalized: str) -> bytes:
    """What to store beside the ciphertext: 33 bytes, or none for an empty value. `kind` keeps phones and mails apart."""
    if not normalized:
        return b""
    version = keys.ring().active_blind
    return _digest(version, kind, normalized)


def blind_candidates(kind: str, normalized: str) -> list[bytes]:
    """What to search for: the value under every live version. Empty for an empty value, which is nobody's."""
    if not normalized:
        return []
    return [_digest(version, kind, normalized) for version in keys.ring().blind]


def normalize_phone(text: str, region: str = "CN") -> str:
    """A phone number as E.164 (`+8613800000000`), or "" for what is no possible number."""
    text = unicodedata.normalize("NFKC", text)
    if not _DIALLED.fullmatch(text):
        return ""  # masked, or words: phonenumbers would read a shorter number out of it
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _digest(version: int, kind: str, normalized: str) -> bytes:
    message = f"{kind}\0{normalized}".encode()
    return version.to_bytes(1) + hmac.digest(keys.ring().blind[version], message, "sha256")
