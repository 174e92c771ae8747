"""Personal data and credentials at rest: AES-256-GCM bound to table, field and row, and a keyed blind index to find
them by.

class Buyer(models.Model):
    uid = models.UUIDField(default=uuid7, unique=True, editable=False)   # part of the binding, must not change
    phone = EncryptedTextField(blank=True)
    phone_index = models.BinaryField(max_length=33)

buyer.phone = "+8613800000000"; buyer.phone_index = blind_index("phone", buyer.phone); buyer.save()
Buyer.objects.filter(phone_index__in=blind_candidates("phone", normalize_phone("138 0000 0000")))
"""

from kernel.crypto.blind import blind_candidates, blind_index, normalize_phone
from kernel.crypto.errors import CryptoError, DecryptionFailed, KeysMissing
from kernel.crypto.fields import EncryptedBytesField, EncryptedJSONField, EncryptedTextField

__all__ = [
    "CryptoError",
    "DecryptionFailed",
    "EncryptedBytesField",
    "EncryptedJSONField",
    "EncryptedTextField",
    "KeysMissing",
    "blind_candidates",
    "blind_index",
    "normalize_phone",
]
