from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from kernel import correlation
from kernel.ids import uuid7


class WorkState(models.TextChoices):
    """Where a piece of work stands. Ready covers new, waiting for a retry, and put off."""

    READY = "ready", _("Ready")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    DEAD = "dead", _("Dead letter")
    DISCARDED = "discarded", _("Discarded")


class ErrorClass(models.TextChoices):
    """What kind of failure it was, so that a person knows where to look."""

    TIMEOUT = "timeout", _("Time-out")
    TIMEOUT_408 = "timeout_408", _("Time-out answered (408)")
    AUTH = "auth", _("Authorisation")
    RATE_LIMIT = "rate_limit", _("Rate limit")
    SCHEMA = "schema", _("Not understood")
    SERVER = "server", _("Their server")
    BUSINESS = "business", _("Refused by a rule")
    LEASE = "lease", _("Worker lost")
    UNKNOWN = "unknown", _("Unforeseen")


class WorkRow(models.Model):
    """One piece of asynchronous work: claimed under a lease, tried, retried with back-off, dead after its limit,
    replayable.

    A subclass is one table for one kind of work and says in which `queue` its drains run. Rows with one `ordering_key`
    run in turn, by id; a dead row stops those behind it only where `blocks_key_when_dead`. `attempts` counts the tries
    of this round (a replay starts a new one). Errors are kept as class, code and a text without personal data.
    """

    queue: ClassVar[str] = "events"
    blocks_key_when_dead: ClassVar[bool] = False

    State = WorkState

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=WorkState.choices, default=WorkState.READY)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=4)
    next_attempt_at = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True, blank=True)
    token = models.UUIDField(null=True, blank=True, editable=False)
    ordering_key = models.CharField(max_length=160, blank=True, default="")
    correlation_id = models.CharField(max_length=correlation.MAX_LENGTH, default=correlation.current)
    error_class = models.CharField(max_length=12, choices=ErrorClass.choices, blank=True, default="")
    last_error_code = models.CharField(max_length=80, blank=True, default="")
    last_error = models.CharField(max_length=1000, blank=True, default="")
    first_failed_at = models.DateTimeField(null=True, blank=True)
    last_failed_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    discarded_reason = models.CharField(max_length=255, blank=True, default="")
    replays = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True
        indexes: ClassVar[tuple[models.Index, ...]] = (
            models.Index(fields=["next_attempt_at", "id"], name="%(class)s_due", condition=Q(state="ready")),
            models.Index(fields=["lease_until"], name="%(class)s_lease", condition=Q(state="running")),
            models.Index(fields=["-last_failed_at", "-id"], name="%(class)s_dead", condition=Q(state="dead")),
            models.Index(
                fields=["ordering_key", "id"],
                name="%(class)s_turn",
                condition=Q(state__in=["ready", "running", "dead"]) & ~Q(ordering_key=""),
            ),
        )

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.uid} {self.state}"

    @property
    def is_due(self) -> bool:
        return self.state == WorkState.READY
