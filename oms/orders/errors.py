from django.utils.translation import gettext_lazy as _

from kernel.errors import NotFound, Refused


class OrderNotFound(NotFound):
    code = "order_not_found"
    title = _("No such order")


class ShopNotFound(NotFound):
    code = "shop_not_found"
    title = _("No such shop")


class FulfilmentNotFound(NotFound):
    code = "fulfilment_not_found"
    title = _("No such fulfilment order")


class OrderOnHold(Refused):
    """The order is held: whoever works on it must stop. `data["reasons"]` lists the hold codes."""

    code = "order_on_hold"
    title = _("The order is on hold")


class FulfilmentNotLive(Refused):
    """The fulfilment order is cancelled, already shipped or not yet at the step that was asked for."""

    code = "fulfilment_not_live"
    title = _("The fulfilment order is not at this step")


class ReviewRoleMissing(Refused):
    """A rule asked for another role's approval (ST-4092)."""

    code = "review_role_missing"
    title = _("Another role must approve this order")


class NothingToRelease(Refused):
    code = "nothing_to_release"
    title = _("The order is not on hold")


class PaymentConflict(Refused):
    """The same payment number came with another amount or currency."""

    code = "payment_conflict"
    title = _("The payment number is known with another amount")


class ShopExists(Refused):
    code = "shop_exists"
    title = _("A shop with this code exists")
