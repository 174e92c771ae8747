from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from inventory.choices import Floor, ReservationState
from inventory.models.goods import Sku
from inventory.models.places import Warehouse


class Reservation(models.Model):
    """A promise of stock, durable once it is answered. Every change is `UPDATE … WHERE state = …`: the first wins.

    `folded_state` is the state that stock levels and ledger already know. The folder's whole work is to bring it up to
    `state`; a row where both are equal needs nothing. `gate_epoch` and `gate_ticket` name the gate's own entry for this
    promise (none while the gate is closed); a ticket is used once, by a promise or by the reaper that voids it.

    The warehouse carries no database constraint: checking it would lock one hot row in every reservation.
    """

    reservation_id = models.CharField(max_length=120)
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    state = models.CharField(max_length=10, choices=ReservationState, default=ReservationState.HELD)
    folded_state = models.CharField(max_length=10, blank=True, default="", db_default="")
    # Generated, so that the planner has statistics of it: it cannot guess how seldom two columns differ.
    is_folded = models.GeneratedField(
        expression=Q(state=F("folded_state")),  # type: ignore[arg-type]  # a condition is an expression
        output_field=models.BooleanField(),
        db_persist=True,
    )
    floor = models.CharField(max_length=10, choices=Floor, default=Floor.SELLABLE)
    owner_ref = models.CharField(max_length=120, blank=True, default="", db_default="")
    body_digest = models.CharField(max_length=32, blank=True, default="", db_default="")
    gate_epoch = models.BigIntegerField(null=True, editable=False)
    gate_ticket = models.BigIntegerField(null=True, editable=False)
    reason = models.CharField(max_length=200, blank=True, default="", db_default="")
    expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]
        default_permissions = ()
        permissions = [("reserve_stock", "Reserve, commit and release stock through the API")]
        constraints = [
            models.UniqueConstraint(fields=["reservation_id"], name="reservation_id_once"),
            models.UniqueConstraint(fields=["warehouse", "gate_epoch", "gate_ticket"], name="reservation_ticket_once"),
        ]
        indexes = [
            models.Index(fields=["warehouse", "id"], condition=Q(is_folded=False), name="reservation_unfolded"),
            models.Index(fields=["expires_at"], condition=Q(state="held"), name="reservation_to_expire"),
            models.Index(fields=["owner_ref"], condition=~Q(owner_ref=""), name="reservation_of_owner"),
        ]

    def __str__(self) -> str:
        return self.reservation_id


class ReservationLine(models.Model):
    """How much of one SKU a reservation promises; one line a SKU. `is_open` until the promise is over and folded."""

    reservation = models.ForeignKey(
        Reservation, models.CASCADE, related_name="lines", db_constraint=False, db_index=False
    )
    sku = models.ForeignKey(Sku, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    qty = models.BigIntegerField()
    shipped_qty = models.BigIntegerField(default=0, db_default=0)
    is_open = models.BooleanField(default=True, db_default=True)

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["reservation", "sku"], name="reservation_line_once"),
            models.CheckConstraint(condition=Q(qty__gt=0), name="reservation_line_positive"),
            models.CheckConstraint(
                condition=Q(shipped_qty__gte=0, shipped_qty__lte=F("qty")), name="reservation_line_shipped_in_range"
            ),
        ]
        indexes = [models.Index(fields=["sku"], condition=Q(is_open=True), name="reservation_line_open")]

    def __str__(self) -> str:
        return f"{self.reservation_id}: {self.sku_id} × {self.qty}"
