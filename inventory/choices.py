"""The words of stock, as stored. States are explained where they are used: models/reservation.py."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class WarehouseKind(models.TextChoices):
    PHYSICAL = "physical", _("Physical")
    VIRTUAL = "virtual", _("Virtual")


class ReservationState(models.TextChoices):
    """What has become of a promise. Only `held` and `committed` hold stock."""

    HELD = "held", pgettext_lazy("reservation", "Held")
    COMMITTED = "committed", pgettext_lazy("reservation", "Committed")
    RELEASED = "released", pgettext_lazy("reservation", "Released")
    EXPIRED = "expired", pgettext_lazy("reservation", "Expired")
    SHIPPED = "shipped", pgettext_lazy("reservation", "Shipped")
    ADJUSTED = "adjusted", pgettext_lazy("reservation", "Taken by an adjustment")
    VOID = "void", pgettext_lazy("reservation", "Void")


HOLDING = (ReservationState.HELD, ReservationState.COMMITTED)


class Floor(models.TextChoices):
    """How deep a reservation may reach: a checkout stops at the safety stock, a paid order does not."""

    SELLABLE = "sellable", _("Sellable stock")
    PAID = "paid", _("Everything available")
    FORCE = "force", _("Even what is promised")


class MovementKind(models.TextChoices):
    RECEIVE = "receive", pgettext_lazy("movement", "Receive")
    ADJUST = "adjust", pgettext_lazy("movement", "Adjust")
    RESERVE = "reserve", pgettext_lazy("movement", "Reserve")
    COMMIT = "commit", pgettext_lazy("movement", "Commit")
    RELEASE = "release", pgettext_lazy("movement", "Release")
    EXPIRE = "expire", pgettext_lazy("movement", "Expire")
    SHIP = "ship", pgettext_lazy("movement", "Ship")


class GateMode(models.TextChoices):
    OPEN = "open", pgettext_lazy("stock gate", "Open")
    CLOSED = "closed", pgettext_lazy("stock gate", "Closed")
