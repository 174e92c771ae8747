"""The lists of channels: what one row says."""

from typing import Any

import django_tables2
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from channels_sync.filters import shop_choices
from kernel import looks
from kernel.columns import WRAP, CodeColumn, LinkColumn, NumberColumn, StateColumn, Table, WhenColumn


class EffectColumn(django_tables2.Column):
    """What a delivery did, with the order it became; or why it did nothing."""

    def render(self, record: Any) -> SafeString | str:
        result = record.result
        if "effect" in result:
            number = result.get("order_no") or result.get("channel_order_no", "")
            badge = looks.state("delivery_effect", result["effect"])
            return format_html('{} <span class="code">{}</span>', badge, number)
        why = record.refused_reason or record.discarded_reason or record.last_error
        return format_html('<span class="quiet">{}</span>', why[:120]) if why else ""


class DeliveryTable(Table):
    received_at = LinkColumn("channels_sync:delivery", "uid", verbose_name=_("Received"))
    topic = CodeColumn(verbose_name=_("Topic"), default="")
    verdict = StateColumn("delivery_verdict", verbose_name=_("At the door"))
    state = StateColumn("work", verbose_name=_("State"))
    effect = EffectColumn(verbose_name=_("Effect"), empty_values=(), attrs=WRAP)
    body_bytes = NumberColumn(verbose_name=_("Bytes"))

    def render_received_at(self, value: Any) -> SafeString:
        return looks.when(value)


class InboxTable(DeliveryTable):
    endpoint = django_tables2.Column(verbose_name=_("Shop"))

    @cached_property
    def shop_names(self) -> dict[str, str]:
        return dict(shop_choices(self.request))

    def render_endpoint(self, value: str) -> str:
        return self.shop_names.get(value, value)

    class Meta(Table.Meta):
        sequence = ("received_at", "endpoint", "...")


class PushTable(Table):
    order_no = LinkColumn("orders:detail", "order_no", verbose_name=_("Order"))
    tracking_no = CodeColumn(verbose_name=_("Tracking number"))
    carrier_code = django_tables2.Column(verbose_name=_("Carrier"), default="")
    state = StateColumn("work", verbose_name=_("State"))
    attempts = NumberColumn(verbose_name=_("Tries"))
    shipped_at = WhenColumn(verbose_name=_("Shipped"))
    confirmed_at = WhenColumn(verbose_name=_("Confirmed"))
    last_error = django_tables2.Column(verbose_name=_("Why it waits"), attrs=WRAP, default="")


class CallTable(Table):
    at = WhenColumn(verbose_name=_("Time"))
    purpose = django_tables2.Column(verbose_name=_("For"))
    method = CodeColumn(verbose_name=_("Method"))
    path = CodeColumn(verbose_name=_("Address"))
    status = NumberColumn(verbose_name=_("Answer"))
    latency_ms = NumberColumn(verbose_name=_("Milliseconds"))
    error_class = StateColumn("error_class", verbose_name=_("Error"), default="")
