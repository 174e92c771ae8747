"""What the API takes from accounts: fields that obey the field policy."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.access import access, present


@extend_schema_field({"type": ["string", "null"], "description": "Masked or null, as the key's role allows."})
class MaskedField(serializers.ReadOnlyField):
    """A value as the caller's roles may see it: `MaskedField(policy="orders.order.receiver_phone")`. Hidden is null."""

    def __init__(self, *, policy: str, **kwargs: Any) -> None:
        self.policy = policy
        super().__init__(**kwargs)

    def to_representation(self, value: Any) -> str | None:
        user = self.context["request"].user
        return None if access(user, self.policy) == "hidden" else present(user, self.policy, value).text
