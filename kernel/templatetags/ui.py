"""The words of the page language (docs/pages.md): every template loads this library."""

from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, MultiWidget, RadioSelect, Select
from django.utils.safestring import SafeString

from kernel import looks
from kernel.correlation import current
from kernel.shell import look

register = template.Library()
for tag in (looks.icon, looks.badge, looks.state, looks.money, looks.number, looks.when, looks.lasting, looks.due):
    register.simple_tag(tag)
register.simple_tag(looks.counted)
register.simple_tag(looks.currency)


@register.simple_tag
def state_word(kind: str, value: object) -> str:
    """The word of a state alone, for running text."""
    return str(look(kind, value).word)


@register.simple_tag
def key_of(record: object, key: str) -> object:
    """The business key of a list's row."""
    return getattr(record, key)


@register.filter
def dash(value: object) -> object:
    """The value, or a dash where there is none."""
    return looks.DASH if value in (None, "") else value


@register.simple_tag
def trace_id() -> str:
    """The number that finds this request in the logs."""
    return current()


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, label: object = "", hint: object = "") -> dict[str, Any]:
    """A form field with its label, hint and errors, tied to it for screen readers."""
    hint = hint or bound.help_text
    kind = _kind(bound)
    css = {"checkbox": "form-check-input", "select": "form-select"}.get(kind, "form-control")
    return {
        "bound": bound,
        "widget": _widget(bound, has_hint=bool(hint), css=css),
        "kind": kind,
        "label": label or bound.label,
        "hint": hint,
    }


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, CheckboxInput):
        return "checkbox"
    if isinstance(widget, MultiWidget | RadioSelect):
        return "group"
    return "select" if isinstance(widget, Select) else "text"


def _widget(bound: BoundField, *, has_hint: bool, css: str) -> SafeString:
    attrs: dict[str, str | bool] = {"class": f"{css} is-invalid" if bound.errors else css}
    described = [f"{bound.auto_id}_hint"] if has_hint else []
    if bound.errors:
        described.append(f"{bound.auto_id}_error")
        attrs["aria-invalid"] = "true"
    if described:
        attrs["aria-describedby"] = " ".join(described)
    return bound.as_widget(attrs=attrs)
