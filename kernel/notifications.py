"""Telling people: a row that is shown in the product, and goes out by mail (OMS_ALERT_MAILS) and chat (OMS_ALERT_URLS).

The chat addresses are Apprise URLs (`dingtalk://…`, `wecombot://…`, `feishu://…`, `json://…`).
"""

from importlib import import_module
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
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
    """Work row handler: send one notice to all addresses; with none it stays in the product only."""
    mails, urls = settings.OMS_ALERT_MAILS, settings.OMS_ALERT_URLS
    if not mails and not urls:
        raise work.Ignore("no addresses are configured: shown in the product only")
    body = "\n".join(part for part in (notice.body, _absolute(notice.link)) if part) or notice.title
    if urls:
        import_module("kernel.chat").send(urls, notice.title, body)
    if mails:
        _send_mail(mails, notice.title, body)


def _send_mail(mails: list[str], title: str, body: str) -> None:
    subject = " ".join(title.split())
    try:
        send_mail(subject, body, None, mails)
    except (OSError, SMTPException) as error:
        raise work.Retry("mail_not_sent", "the mail server did not take the notice", "server") from error


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
