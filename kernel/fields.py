"""Model fields that every app uses."""

from decimal import Decimal
from typing import Any

from django.db import models


class MoneyField(models.DecimalField):
    """NUMERIC(18,4), zero unless told otherwise. Its currency stands in a `currency` column beside it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 18)
        kwargs.setdefault("decimal_places", 4)
        if not kwargs.get("null"):
            kwargs.setdefault("default", Decimal(0))
        super().__init__(*args, **kwargs)
