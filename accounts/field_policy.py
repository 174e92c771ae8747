"""Role × field → clear, masked or hidden. One table for pages, API, exports and audit.

Each app declares its personal and sensitive fields in its `policy.py`:

    FIELDS = {
        "orders.order.receiver_phone": Field("phone", "masked", {"admin": "clear", "finance": "hidden"}),
    }

A field that nobody declared is hidden from everybody. Somebody with several roles sees what the most open one sees.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Literal

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from accounts.masking import KINDS, Kind, mask
from accounts.roles import ROLES

Access = Literal["clear", "masked", "hidden"]
_OPENNESS: dict[str, int] = {"hidden": 0, "masked": 1, "clear": 2}


@dataclass(frozen=True)
class Field:
    """One personal or sensitive field: how it is masked, what most roles see of it, and the roles that differ.

    The kind `none` is for what is sensitive without being personal, such as a nickname: it may stand in the audit log.
    """

    kind: Kind
    default: Access
    roles: Mapping[str, Access] = field(default_factory=dict)
    note: str = ""

    def access_for(self, roles: frozenset[str]) -> Access:
        seen = (self.roles.get(role, self.default) for role in roles)
        return max(seen, key=_OPENNESS.__getitem__, default="hidden")


@dataclass(frozen=True)
class Shown:
    """What one person gets to see of one value."""

    text: str
    access: Access

    def __str__(self) -> str:
        return self.text


_TABLE: dict[str, Field] = {}


def load_policies() -> None:
    """Read every app's policy.py into the one table."""
    for config in apps.get_app_configs():
        module = f"{config.name}.policy"
        if find_spec(module):
            declare(config.label, import_module(module).FIELDS)


def declare(app_label: str, fields: Mapping[str, Field]) -> None:
    """Take an app's fields into the table; a field of another app or an unknown role is a mistake in the code."""
    for key, one in fields.items():
        if key.split(".")[0] != app_label:
            raise ImproperlyConfigured(f"{key} is not a field of {app_label}")
        if one.kind not in KINDS or not {one.default, *one.roles.values()} <= set(_OPENNESS):
            raise ImproperlyConfigured(f"{key} has an unknown kind or access")
        if strangers := set(one.roles) - set(ROLES):
            raise ImproperlyConfigured(f"{key} names unknown roles: {', '.join(sorted(strangers))}")
        _TABLE[key] = one


def table() -> Mapping[str, Field]:
    return dict(sorted(_TABLE.items()))


def access_of(roles: frozenset[str], key: str) -> Access:
    one = _TABLE.get(key)
    return one.access_for(roles) if one else "hidden"


def shown_to(roles: frozenset[str], key: str, value: object) -> Shown:
    """The value as these roles may see it: hidden gives no text at all, not even whether there is a value."""
    access = access_of(roles, key)
    if access == "hidden":
        return Shown("", access)
    if access == "masked":
        return Shown(mask(_TABLE[key].kind, value), access)
    return Shown("" if value is None else str(value), access)


def masked_for_record(key: str, value: object) -> object | None:
    """A declared field as it may stand in a log: personal data masked. None when it is not declared as personal."""
    one = _TABLE.get(key)
    return mask(one.kind, value) if one and one.kind != "none" else None
