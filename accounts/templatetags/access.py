"""`{% shown "orders.order.receiver_phone" order.receiver_phone %}`: a value as the person who looks may see it."""

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.access import present
from accounts.field_policy import Shown

register = template.Library()


@register.simple_tag(takes_context=True)
def shown(context: Context, key: str, value: object) -> SafeString | str:
    """Clear text as it is, masked text marked as masked, hidden as a dash that says why."""
    seen = present(context["request"].user, key, value)
    if seen.access == "hidden":
        return format_html('<span class="text-secondary" title="{}">—</span>', _("Your role does not see this field."))
    if seen.access == "masked" and seen.text:
        return format_html('<span class="masked" title="{}">{}</span>', _("Masked for your role."), seen.text)
    return seen.text


@register.simple_tag(takes_context=True)
def shown_value(context: Context, key: str, value: object) -> Shown:
    """The same as an object with `text` and `access`: `{% shown_value "…" value as phone %}`."""
    return present(context["request"].user, key, value)
