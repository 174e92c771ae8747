"""The channels: how each does, its deliveries, its pushes, its calls, and the switch of its intake."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.api import can, require
from channels_sync.filters import CallFilter, DeliveryFilter, PushFilter
from channels_sync.forms import CredentialsForm
from channels_sync.models import ApiCall, Connection, ShipmentPush
from channels_sync.scope import visible_connection, visible_deliveries
from channels_sync.selectors import channel_facts, list_channels
from channels_sync.services.connect import change_credentials
from channels_sync.services.intake import pause_intake, resume_intake
from channels_sync.tables import CallTable, DeliveryTable, PushTable
from kernel.models import InboxDelivery
from kernel.pages import ListPage


@require_GET
def channel_list(request: HttpRequest) -> HttpResponse:
    require(request.user, "channels_sync.view_channel")
    return render(request, "channels_sync/channel_list.html", {"channels": list_channels(request.user)})


@require_POST
def channel_intake(request: HttpRequest, shop: str) -> HttpResponse:
    """Pause or resume what comes in from one channel."""
    require(request.user, "channels_sync.manage_channel")
    visible_connection(request.user, shop, "channels_sync.manage_channel")
    reason = request.POST.get("reason", "").strip()
    if request.POST.get("action") == "pause":
        pause_intake(code=shop, actor=request.user, reason=reason)
        messages.success(request, _("Paused. Deliveries are kept and wait."))
    else:
        resume_intake(code=shop, actor=request.user, reason=reason)
        messages.success(request, _("Resumed. What was kept is worked off now."))
    return redirect("channels_sync:channel", shop=shop)


@require_http_methods(["GET", "POST"])
def channel_credentials(request: HttpRequest, shop: str) -> HttpResponse:
    """New secrets for a channel. Stored ones are never shown."""
    require(request.user, "channels_sync.manage_channel")
    connection = visible_connection(request.user, shop, "channels_sync.manage_channel")
    form = CredentialsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        change_credentials(code=shop, changes=form.cleaned_data, actor=request.user)
        messages.success(request, _("Renewed. What waited goes on now."))
        return redirect("channels_sync:channel", shop=shop)
    status = 422 if form.errors else 200
    context = {"connection": connection, "form": form}
    return render(request, "channels_sync/channel_credentials.html", context, status=status)


class ChannelTab(ListPage):
    """One channel in one light; what stands above the list is the same in all."""

    template_name = "channels_sync/channel_detail.html"
    permission_required = "channels_sync.view_channel"
    tab = ""

    @property
    def connection(self) -> Connection:
        if not hasattr(self, "_connection"):
            self._connection = visible_connection(self.request.user, self.kwargs["shop"])
        return self._connection

    def extra_context(self) -> dict[str, Any]:
        return {
            "title": self.connection.shop.name,
            "facts": channel_facts(self.connection),
            "tab": self.tab,
            "may_manage": can(self.request.user, "channels_sync.manage_channel"),
        }


class ChannelInbox(ChannelTab):
    tab = "inbox"
    table_class = DeliveryTable
    filterset_class = DeliveryFilter
    order = ("-received_at", "-id")
    empty_why = gettext_lazy("This channel has sent nothing yet.")
    empty_next = gettext_lazy("Deliveries appear here the moment they arrive.")

    def get_queryset(self) -> QuerySet[InboxDelivery]:
        rows = visible_deliveries(self.request.user, "channels_sync.view_channel")
        return rows.filter(endpoint=self.connection.shop.code).defer("raw_body")


class ChannelPushes(ChannelTab):
    tab = "pushes"
    table_class = PushTable
    filterset_class = PushFilter
    empty_why = gettext_lazy("No shipment has been told to this platform yet.")
    empty_next = gettext_lazy("The first parcel that leaves appears here.")

    def get_queryset(self) -> QuerySet[ShipmentPush]:
        return ShipmentPush.objects.filter(connection=self.connection)


class ChannelCalls(ChannelTab):
    tab = "calls"
    table_class = CallTable
    filterset_class = CallFilter
    order = ("-at", "-id")
    row_key = "pk"
    empty_why = gettext_lazy("We have not called this platform yet.")
    empty_next = gettext_lazy("Pushes, pulls and queue reads appear here.")

    def get_queryset(self) -> QuerySet[ApiCall]:
        return ApiCall.objects.filter(connection=self.connection)
