from django.db import models
from django.db.models.functions import Now

from kernel.ids import uuid7


class TimelineEntry(models.Model):
    """The user's story of an order: what happened, who did it, what it saw and what came of it. Personal data stays masked."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    order = models.ForeignKey("orders.Order", on_delete=models.CASCADE, related_name="timeline")
    at = models.DateTimeField(db_default=Now())
    kind = models.CharField(max_length=40)
    actor = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=80, blank=True)
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict, blank=True)
    correlation_id = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("at", "id")
        indexes = (models.Index(fields=("order", "at", "id"), name="timeline_order"),)

    def __str__(self) -> str:
        return self.kind


class RuleRun(models.Model):
    """One evaluation of the review rules for an order: the version, what was asked and answered, and the outcome."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    order = models.ForeignKey("orders.Order", on_delete=models.CASCADE, related_name="rule_runs")
    at = models.DateTimeField(db_default=Now())
    ruleset = models.CharField(max_length=60)
    outcome = models.CharField(max_length=20)
    results = models.JSONField(default=list)

    class Meta:
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("order", "-at", "-id"), name="rule_run_order"),)

    def __str__(self) -> str:
        return f"{self.ruleset}: {self.outcome}"


class TransitionFailure(models.Model):
    """A refused step, kept with its code (ST-4xxx) and what to do, so that a stuck order tells why (state_transition_failed)."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    order = models.ForeignKey("orders.Order", on_delete=models.CASCADE, related_name="transition_failures")
    at = models.DateTimeField(db_default=Now())
    transition = models.CharField(max_length=40)
    state = models.CharField(max_length=20)
    code = models.CharField(max_length=20)
    detail = models.CharField(max_length=255)
    actor = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    correlation_id = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        indexes = (
            models.Index(fields=("-at", "-id"), name="transition_failure_newest"),
            models.Index(fields=("code", "-at", "-id"), name="transition_failure_code"),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.transition}"
