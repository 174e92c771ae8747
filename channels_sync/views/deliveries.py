"""The inbox and one delivery: each step it took, from the door to its effect."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.api import audit, can, require
from channels_sync.errors import DeliveryNotFound
from channels_sync.filters import InboxFilter, shop_choices
from channels_sync.scope import visible_deliveries
from channels_sync.services.dead_letters import replay_dead_letters
from channels_sync.services.inspect import read_delivery
from channels_sync.tables import InboxTable
from kernel.models import DeliveryKey, InboxDelivery
from kernel.pages import ListPage

SHOWN_RAW_BYTES = 64 * 1024


class InboxList(ListPage):
    title = gettext_lazy("Inbox")
    permission_required = "channels_sync.view_inbox"
    table_class = InboxTable
    filterset_class = InboxFilter
    order = ("-received_at", "-id")
    empty_why = gettext_lazy("No platform has sent anything yet.")
    empty_next = gettext_lazy("Connect a shop, and its deliveries appear here.")

    def get_queryset(self) -> QuerySet[InboxDelivery]:
        return visible_deliveries(self.request.user).defer("raw_body")


@require_GET
def delivery_detail(request: HttpRequest, uid: str) -> HttpResponse:
    require(request.user, "channels_sync.view_inbox")
    return _page(request, _delivery(request, uid))


@require_POST
def delivery_raw(request: HttpRequest, uid: str) -> HttpResponse:
    """The delivery as it came, personal data included: by permission, and noted."""
    require(request.user, "channels_sync.view_raw_body")
    delivery = _delivery(request, uid)
    reason = request.POST.get("reason", "").strip()
    audit.record(request.user, "delivery.raw_read", "channels_sync.delivery", str(uid), reason=reason)
    raw = bytes(delivery.raw_body)[:SHOWN_RAW_BYTES].decode("utf-8", "replace")
    return _page(request, delivery, raw=raw or _("The body is no longer kept."))


@require_POST
def delivery_replay(request: HttpRequest, uid: str) -> HttpResponse:
    require(request.user, "channels_sync.replay_delivery")
    delivery = _delivery(request, uid)
    outcome = replay_dead_letters(request.user, [f"kernel.inboxdelivery:{delivery.uid}"])[0]
    if outcome.result == "replayed":
        messages.success(request, _("It runs again."))
    else:
        messages.warning(request, _("It is no longer a dead letter."))
    return redirect("channels_sync:delivery", uid=uid)


def _delivery(request: HttpRequest, uid: str) -> InboxDelivery:
    found = visible_deliveries(request.user).filter(uid=uid).first()
    if found is None:
        raise DeliveryNotFound(_("There is no such delivery, or it is not yours."))
    return found


def _page(request: HttpRequest, delivery: InboxDelivery, raw: str = "") -> HttpResponse:
    keys = DeliveryKey.objects.filter(
        source=delivery.source, endpoint=delivery.endpoint, key=delivery.delivery_key or "-"
    )
    context = {
        "delivery": delivery,
        "shop": dict(shop_choices(request)).get(delivery.endpoint, delivery.endpoint),
        "reading": read_delivery(delivery),
        "repeats": keys.values_list("repeats", flat=True).first() or 0,
        "raw": raw,
        "may_read_raw": can(request.user, "channels_sync.view_raw_body"),
        "may_replay": can(request.user, "channels_sync.replay_delivery"),
    }
    return render(request, "channels_sync/delivery_detail.html", context)
