"""Telling people: a row that is shown in the product, and goes out by chat and mail to the addresses in OMS_ALERT_URLS.

The addresses are Apprise URLs (`mailtos://…`, `dingtalk://…`, `wecombot://…`, `feishu://…`, `json://…`).
"""

import apprise
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from kernel import clock, work
from kernel.models import Notification, NotificationLevel
from kernel.models.work import WorkRow

OPERATIONS = "operations"


def notify(
    *,
    kind: str,
    title: str,
    body: str = "",
    audience: str = OPERATIONS,
    level: str = NotificationLevel.INFO,
    link: str = "",
    dedupe_key: str = "",
) -> Notification | None:
    """Write a notice in the caller's transaction. With a `dedupe_key` that was used before nothing is written (None).

    Texts must not hold personal data: they leave the house.
    """
    notice = Notification(
        kind=kind, title=title[:200], body=body, audience=audience, level=level, link=link, dedupe_key=dedupe_key[:160]
    )
    try:
        with transaction.atomic():
            notice.save()
    except IntegrityError:
        return None
    work.ring(Notification)
    return notice


def recent(audience: str = OPERATIONS, limit: int = 20) -> list[Notification]:
    """The newest notices for a page."""
    return list(Notification.objects.filter(audience=audience).order_by("-id")[:limit])


def send(notice: Notification) -> None:
    """Work row handler: send one notice to all configured addresses; with none it stays in the product only."""
    urls: list[str] = settings.OMS_ALERT_URLS
    if not urls:
        raise work.Ignore("no addresses are configured: shown in the product only")
    service = apprise.Apprise()
    unreadable = [url for url in urls if not service.add(url)]
    if unreadable:
        raise work.Dead("bad_alert_url", f"{len(unreadable)} addresses in OMS_ALERT_URLS cannot be read", "schema")
    body = "\n".join(part for part in (notice.body, _absolute(notice.link)) if part)
    if not service.notify(title=notice.title, body=body or notice.title):
        raise work.Retry("notification_not_sent", "an alert address did not take the notice", "server")


def tell_of_dead_letter(row: WorkRow) -> None:
    """On a dead row of any kind: one notice an hour for each kind of work and error, not one a row."""
    if isinstance(row, Notification):
        return
    label = row._meta.label_lower
    with override(settings.LANGUAGE_CODE):
        notify(
            kind="dead_letter",
            level=NotificationLevel.FAILURE,
            title=_("Dead letter: %(kind)s, %(code)s") % {"kind": row._meta.verbose_name, "code": row.last_error_code},
            body=row.last_error,
            link="/dead-letters/",
            dedupe_key=f"dead|{label}|{row.last_error_code}|{clock.now():%Y%m%d%H}",
        )


def _absolute(link: str) -> str:
    return f"{settings.OMS_PUBLIC_URL}{link}" if link.startswith("/") else link
