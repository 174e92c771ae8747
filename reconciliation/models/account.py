from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from kernel.ids import uuid7
from reconciliation.choices import AccountKind, SettlesOn


class PaymentAccount(models.Model):
    """An account that money arrives on and that sends statements: a gateway merchant number, a shop's settlement, a bank.

    The two rates are what was agreed, in percent of the order's paid amount; empty means that no agreement is known, and
    then what the statement keeps is taken as it is.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=AccountKind.choices)
    shop = models.ForeignKey("orders.Shop", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settles_on = models.CharField(max_length=20, choices=SettlesOn.choices, default=SettlesOn.PAYMENT)
    zone = models.CharField(max_length=40, default="Asia/Shanghai")
    currency = models.CharField(max_length=3, default="CNY")
    commission_percent = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)
    service_fee_percent = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("code",)
        default_permissions = ()
        permissions = (
            ("view_payment", _("See payments and the four-way list")),
            ("record_payment", _("Record a payment of an order")),
        )

    def __str__(self) -> str:
        return self.name
