"""Filters that lists share: a search field, yes or no, and a range of days."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django_filters.widgets import DateRangeWidget


class SearchFilter(django_filters.CharFilter):
    """Answers as one types (static/src/js/lists.js)."""

    def __init__(self, *, placeholder: Any = "", **extra: Any) -> None:
        box = forms.TextInput(attrs={"type": "search", "autocomplete": "off", "placeholder": placeholder})
        super().__init__(widget=box, **extra)


class YesNoFilter(django_filters.BooleanFilter):
    """All, yes or no."""

    def __init__(self, **extra: Any) -> None:
        choices = [("", _("All")), ("true", _("Yes")), ("false", _("No"))]
        super().__init__(widget=forms.Select(choices=choices), **extra)


class DayRange(DateRangeWidget):
    """Two date fields, each with a name of its own for screen readers."""

    def __init__(self) -> None:
        super().__init__(attrs={"type": "date"})

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        first, last = context["widget"]["subwidgets"]
        first["attrs"]["aria-label"], last["attrs"]["aria-label"] = _("From day"), _("To day")
        return context


class DayRangeFilter(django_filters.DateFromToRangeFilter):
    """From one day to another, both included, in the reader's zone."""

    def __init__(self, **extra: Any) -> None:
        super().__init__(widget=DayRange(), **extra)
