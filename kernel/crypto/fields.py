"""Encrypted model fields. `order.phone` is the clear value; `order.phone_sealed` is what the row holds.

The sealed half is Django's attribute (as `shop_id` is for a foreign key), so loading, deferring, refreshing and
copying move ciphertext only and nothing is decrypted that nobody reads. A ciphertext that cannot be opened raises when
it is read and is written back exactly as it was. The model needs a `uid` that never changes. Values are bound to a
row, so queries cannot filter by them or `update()` them: set them on the instance and save it. An empty value is
stored as empty bytes.
"""

from typing import Any, Generic, Self, TypeVar, cast

import orjson
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from kernel.crypto.cipher import FieldCipher

Value = TypeVar("Value")


class Sealed:
    """A ciphertext as loaded from or written to a row; the clear value is kept once somebody has read it."""

    __slots__ = ("_opened_for", "_plain", "ciphertext")

    def __init__(self, ciphertext: bytes, plain: Any = None, opened_for: Any = None) -> None:
        self.ciphertext = ciphertext
        self._plain = plain
        self._opened_for = opened_for

    def open(self, field: "EncryptedField[Any]", uid: Any) -> Any:
        if self._opened_for != uid:
            self._plain = field.unpack(field.cipher.open(uid, self.ciphertext)) if self.ciphertext else field.nothing()
            self._opened_for = uid
        return self._plain

    def __repr__(self) -> str:
        return f"<sealed, {len(self.ciphertext)} bytes>"


class Clear(Generic[Value]):
    """The attribute with the field's own name: opens on reading, takes a clear value on writing."""

    def __init__(self, field: "EncryptedField[Value]") -> None:
        self.field = field

    def __get__(self, instance: Any, owner: type) -> Value | Self:
        if instance is None:
            return self
        held = getattr(instance, self.field.attname)
        if not isinstance(held, Sealed):
            return cast(Value, held)
        return cast(Value, held.open(self.field, instance.uid))

    def __set__(self, instance: Any, value: Value) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedField(models.Field, Generic[Value]):
    """What the encrypted fields share; subclasses say how a value becomes bytes."""

    empty_strings_allowed = True
    descriptor_class = DeferredAttribute

    def pack(self, value: Value) -> bytes:
        raise NotImplementedError

    def unpack(self, plain: bytes) -> Value:
        raise NotImplementedError

    def nothing(self) -> Value:
        """The empty value, which is stored as empty bytes."""
        raise NotImplementedError

    def get_attname(self) -> str:
        return f"{self.name}_sealed"

    def get_attname_column(self) -> tuple[str, str]:
        return self.get_attname(), self.db_column or self.name

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.name, Clear(self))

    @property
    def cipher(self) -> FieldCipher:
        """Bound to the table that the value was first written to: a history row carries its origin's ciphertext."""
        if "_cipher" not in self.__dict__:
            origin = getattr(self.model, "pgh_tracked_model", self.model)
            self._cipher = FieldCipher(origin._meta.db_table, str(self.column))
        return self._cipher

    def seal(self, uid: Any, value: Value) -> bytes:
        """The bytes to store for this row; for SQL that the ORM does not write."""
        return self.cipher.seal(uid, self.pack(value)) if value else b""

    def get_default(self) -> Any:
        return super().get_default() if self.has_default() else (None if self.null else self.nothing())

    def db_type(self, connection: Any) -> str:
        return "bytea"

    def get_internal_type(self) -> str:
        return "BinaryField"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value))

    def pre_save(self, instance: models.Model, add: bool) -> Any:
        held = getattr(instance, self.attname)
        uid = instance.uid  # type: ignore[attr-defined]
        if held is None:
            return None
        if isinstance(held, Sealed):
            if add:
                held.open(self, uid)  # a copy of another row must not carry that row's ciphertext
            return held
        sealed = Sealed(self.seal(uid, held), held or self.nothing(), uid)
        instance.__dict__[self.attname] = sealed
        return sealed

    def get_prep_value(self, value: Any) -> Any:
        if value is None or isinstance(value, Sealed) or hasattr(value, "resolve_expression"):
            return value
        raise TypeError(
            f"{self.name} is encrypted for one row: set it on the instance and save(), it cannot be in a query"
        )

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        value = self.get_prep_value(value)
        return connection.Database.Binary(value.ciphertext) if isinstance(value, Sealed) else value

    def clean(self, value: Any, instance: models.Model | None) -> Any:
        return value if isinstance(value, Sealed) else super().clean(value, cast(models.Model, instance))

    def value_from_object(self, obj: models.Model) -> Any:
        return getattr(obj, self.name)

    def value_to_string(self, obj: models.Model) -> str:
        raise TypeError(f"{self.name} is encrypted: it is not written to fixtures")


class EncryptedTextField(EncryptedField[str]):
    """Text: names, phones, addresses."""

    def pack(self, value: str) -> bytes:
        return value.encode()

    def unpack(self, plain: bytes) -> str:
        return plain.decode()

    def nothing(self) -> str:
        return ""


class EncryptedBytesField(EncryptedField[bytes]):
    """Bytes as they came: raw bodies."""

    def pack(self, value: bytes) -> bytes:
        return bytes(value)

    def unpack(self, plain: bytes) -> bytes:
        return plain

    def nothing(self) -> bytes:
        return b""


class EncryptedJSONField(EncryptedField[dict[str, Any]]):
    """A JSON object: credentials. Change it by setting a new object, a change inside the old one is not seen."""

    def pack(self, value: dict[str, Any]) -> bytes:
        return orjson.dumps(value)

    def unpack(self, plain: bytes) -> dict[str, Any]:
        return cast(dict[str, Any], orjson.loads(plain))

    def nothing(self) -> dict[str, Any]:
        return {}
