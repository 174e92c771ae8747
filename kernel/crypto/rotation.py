"""Re-encrypting what older data keys have sealed, a chunk a transaction, while everything runs.

A value is written back only if the row still holds the ciphertext that was read. What cannot be opened is counted and
left.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pgtrigger
import structlog
from django.apps import apps
from django.db import connection, models, transaction

from kernel.crypto import keys
from kernel.crypto.cipher import FORMAT
from kernel.crypto.errors import CryptoError
from kernel.crypto.fields import EncryptedField

log = structlog.get_logger("crypto")

CHUNK = 500


@dataclass
class Rotated:
    """What one field's rotation did."""

    resealed: int = 0
    unreadable: int = 0


def encrypted_fields() -> Iterator[EncryptedField[Any]]:
    """Every encrypted column, history tables included."""
    for model in apps.get_models():
        if model._meta.managed and not model._meta.proxy:
            yield from (field for field in model._meta.local_concrete_fields if isinstance(field, EncryptedField))


def rotate(field: EncryptedField[Any]) -> Rotated:
    """Seal every value of a column that is not under the newest key again."""
    rotated = Rotated()
    after = 0
    while True:
        # Nothing happened to these rows: their history shall not say so.
        with transaction.atomic(), pgtrigger.ignore():
            rows = _old_rows(field, after)
            for pk, uid, ciphertext in rows:
                _reseal(field, pk, uid, bytes(ciphertext), rotated)
        if not rows:
            return rotated
        after = rows[-1][0]


def _old_rows(field: EncryptedField[Any], after: int) -> list[tuple[Any, Any, Any]]:
    newest = FORMAT + keys.ring().active_data.to_bytes(2)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_pk(field)}, uid, {_column(field)} FROM {_table(field)} "  # noqa: S608 - names from models
            f"WHERE {_pk(field)} > %s AND length({_column(field)}) > 0 AND substring({_column(field)} FOR 3) <> %s "
            f"ORDER BY {_pk(field)} LIMIT {CHUNK}",
            [after, newest],
        )
        return list(cursor.fetchall())


def _reseal(field: EncryptedField[Any], pk: Any, uid: Any, ciphertext: bytes, rotated: Rotated) -> None:
    try:
        sealed = field.cipher.seal(uid, field.cipher.open(uid, ciphertext))
    except CryptoError as error:
        rotated.unreadable += 1
        log.error("cannot_rotate", place=field.cipher.place, uid=str(uid), error=type(error).__name__)
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {_table(field)} SET {_column(field)} = %s "  # noqa: S608 - names from models
            f"WHERE {_pk(field)} = %s AND {_column(field)} = %s",
            [sealed, pk, ciphertext],
        )
        rotated.resealed += cursor.rowcount


def _model(field: EncryptedField[Any]) -> type[models.Model]:
    return field.model


def _table(field: EncryptedField[Any]) -> str:
    return connection.ops.quote_name(_model(field)._meta.db_table)


def _pk(field: EncryptedField[Any]) -> str:
    return connection.ops.quote_name(str(_model(field)._meta.pk.column))


def _column(field: EncryptedField[Any]) -> str:
    return connection.ops.quote_name(str(field.column))
