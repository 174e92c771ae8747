"""How times are said to people: days by name, spans by their two largest units."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

DAY, HOUR, MINUTE = 86400, 3600, 60


def full_text(at: datetime) -> str:
    """The whole truth, for titles: date, seconds and zone."""
    return f"{at:%Y-%m-%d %H:%M:%S} ({at.tzinfo})"


def day_words(at: datetime, today: datetime) -> str:
    """A moment beside the present one, both in the reader's zone."""
    days = (today.date() - at.date()).days
    words = {"time": f"{at:%H:%M}"}
    if days == 0:
        return _("today %(time)s") % words
    if days == 1:
        return _("yesterday %(time)s") % words
    if days == -1:
        return _("tomorrow %(time)s") % words
    return f"{at:%m-%d %H:%M}" if at.year == today.year else f"{at:%Y-%m-%d %H:%M}"


def span_words(span: timedelta) -> str:
    """A span in its two largest units, because nobody needs the seconds of three days."""
    seconds = int(span.total_seconds())
    days, rest = divmod(seconds, DAY)
    hours, rest = divmod(rest, HOUR)
    minutes, seconds = divmod(rest, MINUTE)
    if days:
        return _("%(days)d d %(hours)d h") % {"days": days, "hours": hours}
    if hours:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
    if minutes:
        return _("%(minutes)d min") % {"minutes": minutes}
    return _("%(seconds)d s") % {"seconds": seconds}
