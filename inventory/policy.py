"""Stock knows goods and places, no persons: it has no personal field to declare."""

from accounts.api import Field

FIELDS: dict[str, Field] = {}
