from django.db import models
from django.db.models.functions import Now


class RulesetVersion(models.Model):
    """The rules as they stood at one time, never changed: a rule run names the version it used, and here is its text."""

    version = models.CharField(max_length=60, unique=True)
    rules = models.JSONField()
    stored_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("-id",)
        default_permissions = ()
        permissions = (("view_rule", "May read the rules"),)

    def __str__(self) -> str:
        return self.version
