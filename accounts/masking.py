"""What a masked value looks like, per kind. Masking twice gives the same as masking once."""

import re
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from typing import Literal

Kind = Literal["phone", "id_card", "name", "address", "email", "ip", "text", "none"]

STARS = "****"
_EXTENSION = re.compile(r"^(.*?\d{7,}.*?)([-,转 ]|ext\.?)\s*(\d{1,6})$", re.IGNORECASE)
_MAINLAND = re.compile(r"^(?:\+|00)86[ -]?(?=1[3-9]\d)")
_MASKED_PHONE = re.compile(r"^\+?[\d -]{0,8}\*{3,}\d{0,4}(-\*{4})?$")
_WORD = r"[^\d\s*路街道巷弄号]{1,12}?"
_AREA = re.compile(
    rf"^(?:{_WORD}(?:省|自治区|特别行政区))?(?:{_WORD}(?:市|自治州|地区|盟))?(?:{_WORD}(?:(?<![小社园院校厂])区|县|旗|市))?"
)
_MASKED_IP = re.compile(r"^(?:\d{1,3}\.\d{1,3}\.\*\.\*|[\da-f]{0,4}:[\da-f]{0,4}:\*)$", re.ASCII)
_PHONE_IN_TEXT = re.compile(r"(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")
_ID_CARD_IN_TEXT = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{9}[\dXx](?![\dXx])")
_EMAIL_IN_TEXT = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def mask(kind: Kind, value: object) -> str:
    """The masked text of a value; empty stays empty."""
    text = "" if value is None else str(value).strip()
    return _MASKS[kind](text) if text else ""


def scrub(text: str) -> str:
    """Free text with the phone numbers, id cards and mail addresses in it masked."""
    text = _ID_CARD_IN_TEXT.sub(lambda found: mask_id_card(found.group()), text)
    text = _PHONE_IN_TEXT.sub(lambda found: mask_phone(found.group()), text)
    return _EMAIL_IN_TEXT.sub(lambda found: mask_email(found.group()), text)


def mask_phone(text: str) -> str:
    """The four digits before the last four are hidden, and so is an extension: 138****5678. +86 goes."""
    text = _MAINLAND.sub("", text)
    if _MASKED_PHONE.match(text):
        return text
    extended = _EXTENSION.match(text)
    if extended:
        return f"{mask_phone(extended.group(1))}-{STARS}"
    places = [i for i, sign in enumerate(text) if sign.isdigit()]
    if len(places) < 8:
        return STARS
    hidden = set(places[-8:-4])
    return "".join("*" if i in hidden else sign for i, sign in enumerate(text))


def mask_id_card(text: str) -> str:
    """The last eight characters are hidden."""
    return text[:-8] + "*" * 8 if len(text) > 8 else STARS


def mask_name(text: str) -> str:
    """The first character stays, and the number of the others is not told."""
    return f"{text[0]}**"


def mask_address(text: str) -> str:
    """Province, city and district stay; the rest is hidden."""
    area = _AREA.match(text)
    return (area.group() if area else "") + STARS


def mask_email(text: str) -> str:
    head, at, domain = text.rpartition("@")
    return f"{head[0]}***@{domain}" if at and head else STARS


def mask_ip(text: str) -> str:
    """The network stays, the host is hidden."""
    if _MASKED_IP.match(text):
        return text
    try:
        address = ip_address(text)
    except ValueError:
        return STARS
    if isinstance(address, IPv6Address):
        return (
            mask_ip(str(address.ipv4_mapped)) if address.ipv4_mapped else ":".join(str(address).split(":")[:2]) + ":*"
        )
    return ".".join([*str(address).split(".")[:2], "*", "*"])


def mask_text(_text: str) -> str:
    return STARS


_MASKS: dict[str, Callable[[str], str]] = {
    "phone": mask_phone,
    "id_card": mask_id_card,
    "name": mask_name,
    "address": mask_address,
    "email": mask_email,
    "ip": mask_ip,
    "text": mask_text,
    "none": mask_text,
}
KINDS = frozenset(_MASKS)
