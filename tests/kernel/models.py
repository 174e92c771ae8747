"""Tables that exist only while the kernel is tested: its own kinds of work and a row with personal data."""

from typing import ClassVar

from django.db import models

from kernel.crypto import EncryptedJSONField, EncryptedTextField
from kernel.fields import MoneyField
from kernel.ids import uuid7
from kernel.work import WorkRow


class Chore(WorkRow):
    """Work whose effect and "done" commit together."""

    queue: ClassVar[str] = "events"
    name = models.CharField(max_length=40, default="")

    class Meta(WorkRow.Meta):
        app_label = "kernel_tests"


class Call(WorkRow):
    """Work that waits for somebody's server; a dead row stops those behind it."""

    queue: ClassVar[str] = "outbound"
    blocks_key_when_dead: ClassVar[bool] = True
    name = models.CharField(max_length=40, default="")

    class Meta(WorkRow.Meta):
        app_label = "kernel_tests"


class Effect(models.Model):
    """What a chore or a call did, without any constraint that would hide a second time."""

    name = models.CharField(max_length=40)

    class Meta:
        app_label = "kernel_tests"

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    state = models.CharField(max_length=20, default="new")
    is_held = models.BooleanField(default=False)
    name = EncryptedTextField(blank=True)
    phone = EncryptedTextField(blank=True)
    phone_index = models.BinaryField(max_length=33, default=b"", blank=True)
    keys = EncryptedJSONField(null=True, blank=True)
    balance = MoneyField()
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "kernel_tests"

    def __str__(self) -> str:
        return str(self.uid)


TABLES = (Chore, Call, Effect, Person)
