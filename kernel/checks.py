"""Mis-configuration is told before anything runs: `manage.py check` and every start."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004 - Django's own name

from kernel.crypto import KeysMissing
from kernel.crypto.keys import provider
from kernel.models import WorkRow

SECRET_KEY_LENGTH = 50


@register()
def check_encryption_keys(**kwargs: Any) -> list[CheckMessage]:
    """Outside demo mode nobody makes keys on the way: whoever loses them loses the data."""
    if settings.OMS_DEMO and not settings.OMS_ENCRYPTION_KEYS:
        return []
    try:
        provider().load()
    except KeysMissing as error:
        return [Error(str(error), hint="Run manage.py generate_keys once and keep a copy elsewhere.", id="kernel.E001")]
    return []


@register()
def check_secret_key(**kwargs: Any) -> list[CheckMessage]:
    """Sessions and page cursors are signed with it."""
    if settings.OMS_DEMO or (
        not settings.SECRET_KEY.startswith("demo-") and len(settings.SECRET_KEY) >= SECRET_KEY_LENGTH
    ):
        return []
    return [
        Error("OMS_SECRET_KEY is the demo's or too short.", hint="Set 50 or more random characters.", id="kernel.E002")
    ]


@register()
def check_public_url(**kwargs: Any) -> list[CheckMessage]:
    """Links in alerts and callback addresses begin with it."""
    if settings.OMS_PUBLIC_URL.startswith(("http://", "https://")):
        return []
    return [Error("OMS_PUBLIC_URL must begin with http:// or https://.", id="kernel.E003")]


@register()
def check_alert_addresses(**kwargs: Any) -> list[CheckMessage]:
    """In production dead letters must reach somebody."""
    if settings.OMS_DEMO or settings.OMS_ALERT_URLS or settings.OMS_ALERT_MAILS:
        return []
    hint = "Set OMS_ALERT_MAILS to mail addresses or OMS_ALERT_URLS to Apprise addresses such as dingtalk://…."
    return [Warning("Nobody is told of dead letters.", hint=hint, id="kernel.W004")]


@register()
def check_work_row_indexes(**kwargs: Any) -> list[CheckMessage]:
    """A kind of work that declares indexes of its own must not lose those that claiming needs."""
    lost = [
        model
        for model in apps.get_models()
        if issubclass(model, WorkRow) and not any(index.name.endswith("_due") for index in model._meta.indexes)
    ]
    hint = "Write indexes = (*WorkRow.Meta.indexes, …)."
    return [Error(f"{model._meta.label} has lost its work row indexes.", hint=hint, id="kernel.E005") for model in lost]
