class CryptoError(Exception):
    """Base of what can go wrong with keys and ciphertexts. Messages name tables and fields, never values."""


class KeysMissing(CryptoError):
    """There are no keys, or not the one that a ciphertext names."""


class DecryptionFailed(CryptoError):
    """A ciphertext was changed, moved to another row or field, or belongs to another key. Nothing is written back."""
