import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from kernel.crypto import EncryptedTextField
from kernel.fields import MoneyField
from kernel.ids import uuid7
from oms.orders.choices import STUCK_STATES, CloseReason, HoldCode, OrderState, PaymentState, ReceiverMode


@pghistory.track()
class Order(models.Model):
    """One trade of one shop, from placed to settled. Unique by (shop, the channel's own number); newest news wins."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    order_no = models.CharField(max_length=20, unique=True)
    shop = models.ForeignKey("orders.Shop", on_delete=models.PROTECT, related_name="orders")
    channel_order_no = models.CharField(max_length=80)
    channel_order_name = models.CharField(max_length=80, blank=True)

    state = models.CharField(max_length=20, choices=OrderState.choices, default=OrderState.PENDING_PAYMENT)
    state_changed_at = models.DateTimeField(db_default=Now())
    payment_state = models.CharField(max_length=20, choices=PaymentState.choices, default=PaymentState.UNPAID)
    platform_status = models.CharField(max_length=60, blank=True)
    source_status = models.CharField(max_length=20, blank=True)
    refund_status = models.CharField(max_length=20, default="none")
    close_reason = models.CharField(max_length=20, choices=CloseReason.choices, blank=True)
    is_held = models.BooleanField(default=False)
    review_role = models.CharField(max_length=40, blank=True)
    priority = models.SmallIntegerField(default=0)
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    is_non_sale = models.BooleanField(default=False)
    is_cash_on_delivery = models.BooleanField(default=False)
    # Sold over the counter: the buyer has the goods already.
    is_take_away = models.BooleanField(default=False, db_default=False)

    currency = models.CharField(max_length=3)
    goods_amount = MoneyField()
    shipping_amount = MoneyField()
    discount_seller_amount = MoneyField()
    discount_platform_amount = MoneyField()
    adjust_amount = MoneyField()
    tax_amount = MoneyField()
    service_fee_amount = MoneyField()
    paid_amount = MoneyField()
    refunded_amount = MoneyField()

    source_created_at = models.DateTimeField()
    source_updated_at = models.DateTimeField()
    source_paid_at = models.DateTimeField(null=True, blank=True)
    source_shipped_at = models.DateTimeField(null=True, blank=True)
    source_signed_at = models.DateTimeField(null=True, blank=True)
    source_version = models.CharField(max_length=64, blank=True)
    ship_by_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(db_default=Now())
    approved_at = models.DateTimeField(null=True, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)

    warehouse = models.ForeignKey(
        "inventory.Warehouse", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reservation_id = models.CharField(max_length=64, blank=True)
    owner = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    buyer_token = models.CharField(max_length=120, blank=True)
    buyer_nick = models.CharField(max_length=120, blank=True)
    buyer_index = models.BinaryField(null=True, blank=True)
    buyer_ip = EncryptedTextField(blank=True)
    buyer_ip_index = models.BinaryField(null=True, blank=True)
    lines_digest = models.CharField(max_length=64, blank=True)
    buyer_note = models.CharField(max_length=500, blank=True)
    seller_note = models.CharField(max_length=500, blank=True)
    flag = models.CharField(max_length=20, blank=True)
    warnings = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    correlation_id = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("order")
        constraints = (
            models.UniqueConstraint(fields=("shop", "channel_order_no"), name="order_once_per_channel_number"),
            models.CheckConstraint(condition=Q(paid_amount__gte=0), name="order_paid_not_negative"),
        )
        indexes = (
            models.Index(fields=("-received_at", "-id"), name="order_newest"),
            models.Index(fields=("shop", "-received_at", "-id"), name="order_shop_newest"),
            models.Index(fields=("state", "-received_at", "-id"), name="order_state_newest"),
            models.Index(fields=("shop", "state", "-received_at", "-id"), name="order_shop_state_newest"),
            models.Index(fields=("-received_at", "-id"), name="order_held_newest", condition=Q(is_held=True)),
            models.Index(fields=("state", "state_changed_at"), name="order_stuck"),
            models.Index(
                fields=("-priority", "received_at", "id"),
                name="order_review_queue",
                condition=Q(state="in_review") | Q(is_held=True),
            ),
            models.Index(
                fields=("-source_paid_at",), name="order_paid_time", condition=Q(source_paid_at__isnull=False)
            ),
            models.Index(
                fields=("state_changed_at", "id"), name="order_stuck_oldest", condition=Q(state__in=STUCK_STATES)
            ),
            models.Index(
                fields=("-received_at", "-id"), name="order_unshipped_newest", condition=Q(shipped_at__isnull=True)
            ),
            models.Index(fields=("-shipped_at",), name="order_shipped_time", condition=Q(shipped_at__isnull=False)),
            models.Index(fields=("channel_order_no",), name="order_channel_no"),
            models.Index(
                fields=("channel_order_name",), name="order_channel_name", condition=~Q(channel_order_name="")
            ),
            models.Index(fields=("-source_updated_at", "-id"), name="order_updated"),
            models.Index(
                fields=("buyer_ip_index", "received_at"), name="order_ip", condition=Q(buyer_ip_index__isnull=False)
            ),
            models.Index(
                fields=("shop", "buyer_index", "received_at"),
                name="order_buyer",
                condition=Q(buyer_index__isnull=False),
            ),
            models.Index(fields=("owner", "-received_at", "-id"), name="order_owner", condition=Q(owner__isnull=False)),
            models.Index(fields=("reservation_id",), name="order_reservation"),
        )
        permissions = (
            ("review_order", "May approve orders and send them back"),
            ("supervise_order", "May approve orders that need a supervisor"),
            ("hold_order", "May hold orders and release holds"),
            ("cancel_order", "May cancel orders"),
            ("export_order", "May export orders"),
        )

    def __str__(self) -> str:
        return self.order_no


@pghistory.track()
class OrderLine(models.Model):
    """One article of an order. `sku` is empty while the listing is not matched; `sku_code` is what the channel sent."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    line_no = models.PositiveSmallIntegerField()
    channel_line_id = models.CharField(max_length=80)
    sku = models.ForeignKey("inventory.Sku", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sku_code = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=255)
    spec = models.CharField(max_length=255, blank=True)
    qty = models.PositiveIntegerField()
    unit_price_amount = MoneyField()
    goods_amount = MoneyField()
    discount_seller_amount = MoneyField()
    discount_platform_amount = MoneyField()
    tax_amount = MoneyField()
    paid_amount = MoneyField()
    is_gift = models.BooleanField(default=False)
    refund_status = models.CharField(max_length=20, default="none")

    class Meta:
        ordering = ("line_no",)
        constraints = (
            models.UniqueConstraint(fields=("order", "channel_line_id"), name="order_line_once"),
            models.CheckConstraint(condition=Q(qty__gt=0), name="order_line_qty_positive"),
        )

    def __str__(self) -> str:
        return f"{self.sku_code} × {self.qty}"


class OrderAddress(models.Model):
    """Where an order goes. Own-encrypted shops: our ciphertext. Platform-cipher shops: the platform's masked text and token."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    order = models.OneToOneField(Order, on_delete=models.CASCADE, related_name="address")
    mode = models.CharField(max_length=20, choices=ReceiverMode.choices, default=ReceiverMode.OWN_ENCRYPTED)
    receiver_name = EncryptedTextField(blank=True)
    receiver_phone = EncryptedTextField(blank=True)
    receiver_address = EncryptedTextField(blank=True)
    phone_index = models.BinaryField(null=True, blank=True)
    country = models.CharField(max_length=60, blank=True)
    province = models.CharField(max_length=60, blank=True)
    city = models.CharField(max_length=60, blank=True)
    district = models.CharField(max_length=60, blank=True)
    zip = models.CharField(max_length=20, blank=True)
    cipher_token = models.CharField(max_length=255, blank=True)

    class Meta:
        indexes = (models.Index(fields=("phone_index",), name="order_phone", condition=Q(phone_index__isnull=False)),)

    def __str__(self) -> str:
        return f"{self.province}{self.city}{self.district}"

    @property
    def region(self) -> str:
        return " ".join(part for part in (self.province, self.city, self.district) if part)


class OrderPayment(models.Model):
    """Money received for an order, once per payment number. Recorded whatever the order's state is."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    payment_no = models.CharField(max_length=80)
    method = models.CharField(max_length=40, blank=True)
    amount = MoneyField()
    currency = models.CharField(max_length=3)
    paid_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("paid_at", "id")
        constraints = (models.UniqueConstraint(fields=("order", "payment_no"), name="order_payment_once"),)
        indexes = (models.Index(fields=("payment_no",), name="order_payment_no"),)

    def __str__(self) -> str:
        return self.payment_no


class OrderHold(models.Model):
    """A reason why an order must not go on. Open while `cleared_at` is empty; an order is held while any is open."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="holds")
    code = models.CharField(max_length=40, choices=HoldCode.choices)
    source = models.CharField(max_length=80, blank=True)
    evidence = models.JSONField(default=dict, blank=True)
    note = models.CharField(max_length=255, blank=True)
    placed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    placed_at = models.DateTimeField(db_default=Now())
    cleared_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    cleared_at = models.DateTimeField(null=True, blank=True)
    clear_reason = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering = ("placed_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("order", "code", "source"), condition=Q(cleared_at__isnull=True), name="order_hold_open_once"
            ),
        )
        indexes = (
            models.Index(fields=("code", "placed_at"), name="order_hold_open", condition=Q(cleared_at__isnull=True)),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.source}"
