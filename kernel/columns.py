"""Columns of list pages (django-tables2) that say states, money and times the way every page does."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import django_tables2
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kernel import looks

RIGHT = {"th": {"class": "right"}, "td": {"class": "right"}}
WRAP = {"td": {"class": "wrap"}}


class Table(django_tables2.Table):
    """A list page's table: sorting is the page's affair (keyset), so no column sorts by itself."""

    class Meta:
        orderable = False
        template_name = "components/table.html"


class LinkColumn(django_tables2.Column):
    """The name of a row, leading to its page: `url_name` is reversed with the accessor `key`."""

    def __init__(self, url_name: str, key: str, **extra: Any) -> None:
        super().__init__(linkify=(url_name, [django_tables2.A(key)]), attrs={"a": {"class": "row-link"}}, **extra)


class StateColumn(django_tables2.Column):
    """A state as its app describes it in `badges.py`."""

    def __init__(self, kind: str, **extra: Any) -> None:
        super().__init__(**extra)
        self.kind = kind

    def render(self, value: object, record: Any = None, bound_column: Any = None) -> SafeString:
        """django-tables2 hands over the word of a field with choices; the look is found by what is stored."""
        stored = bound_column.accessor.resolve(record) if bound_column is not None else value
        return looks.state(self.kind, stored)


class MoneyColumn(django_tables2.Column):
    """An amount; `currency` names the row's currency field."""

    def __init__(self, currency: str = "currency", **extra: Any) -> None:
        super().__init__(attrs=RIGHT, **extra)
        self.currency = django_tables2.A(currency)

    def render(self, value: Decimal, record: Any) -> SafeString:
        return looks.money(value, self.currency.resolve(record))


class NumberColumn(django_tables2.Column):
    """A count or quantity."""

    def __init__(self, **extra: Any) -> None:
        super().__init__(attrs=RIGHT, **extra)

    def render(self, value: int) -> SafeString:
        return looks.number(value)


class WhenColumn(django_tables2.Column):
    """A moment."""

    def render(self, value: datetime) -> SafeString:
        return looks.when(value)


class DueColumn(django_tables2.Column):
    """A deadline."""

    def render(self, value: datetime) -> SafeString:
        return looks.due(value)


class LastingColumn(django_tables2.Column):
    """How long something has been so."""

    def render(self, value: datetime) -> SafeString:
        return looks.lasting(value)


class CodeColumn(django_tables2.Column):
    """A number or code that people compare letter by letter."""

    def render(self, value: object) -> SafeString:
        return format_html("<code>{}</code>", value)
