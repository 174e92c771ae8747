"""Small pieces of HTML that say one thing the same way on every page: an icon, a status, an amount, a moment."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache

from babel.numbers import format_currency, format_decimal, get_currency_name
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kernel import clock
from kernel.money import exponent
from kernel.shell import look
from kernel.times import day_words, full_text, span_words

DASH = SafeString('<span class="quiet" aria-hidden="true">–</span>')
TONE_ICONS = {
    "neutral": "point",
    "info": "info-circle",
    "good": "circle-check",
    "warn": "alert-triangle",
    "bad": "alert-octagon",
}
SOON = timedelta(hours=2)
_FORMATTING_LOCALES = {"zh-hans": "zh_CN", "en": "en_US"}


def icon(name: str, css: str = "") -> SafeString:
    """An outline icon out of the sprite; it stands beside a word, so screen readers skip it."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        css,
        static("build/icons.svg"),
        name,
    )


def badge(word: object, tone: str = "neutral", icon_name: str = "") -> SafeString:
    """A status as icon + word + colour."""
    mark = icon(icon_name or TONE_ICONS.get(tone, "point"))
    return format_html('<span class="tag tag-{}">{}<span>{}</span></span>', tone, mark, word)


def state(kind: str, value: object) -> SafeString:
    """The badge of a state, as its app describes it in `badges.py`."""
    shown = look(kind, value)
    return badge(shown.word, shown.tone, shown.icon)


def money(amount: Decimal | None, currency: str = "CNY") -> SafeString:
    """An amount with its currency, in the digits the currency has."""
    if amount is None:
        return DASH
    css = " num-negative" if amount < 0 else ""
    return format_html('<span class="num{}">{}</span>', css, money_text(amount, currency))


def money_text(amount: Decimal, currency: str) -> str:
    """The same for running text."""
    return format_currency(
        amount, currency, format=_money_pattern(currency), locale=_babel_locale(), currency_digits=False
    )


def currency(code: str) -> str:
    """The currency by its name, where a symbol alone would not tell it apart."""
    return get_currency_name(code, locale=_babel_locale())


def number(value: int | float | Decimal | None) -> SafeString:
    """A count or quantity with thousands separators."""
    if value is None:
        return DASH
    return format_html('<span class="num">{}</span>', format_decimal(value, locale=_babel_locale()))


def when(at: datetime | None) -> SafeString:
    """A moment as people say it (today 14:03), with the whole truth in its title."""
    if at is None:
        return DASH
    zone = timezone.get_current_timezone()
    words = day_words(at.astimezone(zone), clock.now().astimezone(zone))
    return _time(at, words)


def lasting(since: datetime | None, until: datetime | None = None) -> SafeString:
    """How long something has lasted, or lasted: 3 h 12 min."""
    if since is None:
        return DASH
    return format_html('<span class="num">{}</span>', span_words(max((until or clock.now()) - since, timedelta())))


def due(at: datetime | None) -> SafeString:
    """A deadline: how much time is left, or by how much it was missed."""
    if at is None:
        return DASH
    left = at - clock.now()
    if left < timedelta():
        return _time(at, _("%(span)s late") % {"span": span_words(-left)}, " due-bad")
    return _time(at, _("%(span)s left") % {"span": span_words(left)}, " due-warn" if left < SOON else "")


def counted(total: int, is_capped: bool) -> str:
    """The size of a list; counting stops at a cap, and then it says so."""
    words = {"total": format_decimal(total, locale=_babel_locale())}
    if is_capped:
        return _("more than %(total)s rows") % words
    return ngettext("%(total)s row", "%(total)s rows", total) % words


def _time(at: datetime, words: str, css: str = "") -> SafeString:
    title = full_text(at.astimezone(timezone.get_current_timezone()))
    return format_html('<time datetime="{}" title="{}" class="num{}">{}</time>', at.isoformat(), title, css, words)


@cache
def _money_pattern(currency: str) -> str:
    digits = exponent(currency)
    return "¤#,##0" + ("." + "0" * digits if digits else "")


def _babel_locale() -> str:
    return _FORMATTING_LOCALES.get(get_language() or "", "zh_CN")
