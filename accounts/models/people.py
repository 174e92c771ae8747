from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.ids import uuid7


class Language(models.TextChoices):
    CHINESE = "zh-hans", "简体中文"
    ENGLISH = "en", "English"


class Theme(models.TextChoices):
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")
    AUTO = "auto", _("Like the device")


class Team(models.Model):
    """A group of back-office staff that shares a queue, with the people who lead it among its members."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person who logs in, or the service behind an API key. What they may do comes from roles (Django groups)."""

    first_name = None  # type: ignore[assignment]  # one display name: family name first or last is the person's affair
    last_name = None  # type: ignore[assignment]
    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    display_name = models.CharField(_("name"), max_length=80, blank=True)
    locale = models.CharField(_("language"), max_length=10, choices=Language, default=Language.CHINESE)
    theme = models.CharField(_("theme"), max_length=10, choices=Theme, default=Theme.AUTO)
    zone = models.CharField(_("time zone"), max_length=40, blank=True)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="members")
    is_service = models.BooleanField(default=False)

    REQUIRED_FIELDS = ["email"]

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        permissions = [
            ("view_people", "See people, their roles and scope"),
            ("manage_people", "Create and disable people, give roles and scope"),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        return self.display_name or self.username

    def get_short_name(self) -> str:
        return self.get_full_name()
