"""The words of the page language (docs/pages.md): every template loads this library."""

from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, Select
from django.utils.safestring import SafeString

from kernel import looks
from kernel.correlation import current
from kernel.shell import look

register = template.Library()
for tag in (looks.icon, looks.badge, looks.state, looks.money, looks.number, looks.when, looks.lasting, looks.due):
    register.simple_tag(tag)
register.simple_tag(looks.counted)


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
    is_checkbox = isinstance(bound.field.widget, CheckboxInput)
    return {
        "bound": bound,
        "widget": _widget(bound, described_by_hint=bool(hint), css="form-check-input" if is_checkbox else ""),
        "is_checkbox": is_checkbox,
        "label": label or bound.label,
        "hint": hint,
    }


def _widget(bound: BoundField, *, described_by_hint: bool, css: str) -> SafeString:
    css = css or ("form-select" if isinstance(bound.field.widget, Select) else "form-control")
    attrs = {"class": f"{css} is-invalid" if bound.errors else css}
    described = [f"{bound.id_for_label}_hint"] if described_by_hint else []
    if bound.errors:
        described.append(f"{bound.id_for_label}_error")
        attrs["aria-invalid"] = "true"
    if described:
        attrs["aria-describedby"] = " ".join(described)
    return bound.as_widget(attrs=attrs)
