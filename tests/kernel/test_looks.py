from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django import forms
from django.template import Context, Template
from django.utils import timezone, translation

from kernel import looks
from kernel.shell import Look

NOW = datetime(2026, 11, 22, 6, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _shanghai_english():
    with translation.override("en"), timezone.override("Asia/Shanghai"), time_machine.travel(NOW, tick=False):
        yield


def render(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_a_moment_today_is_said_with_its_clock_time_and_the_whole_truth_in_its_title():
    html = looks.when(NOW)
    assert ">today 14:03<" in html
    assert "2026-11-22 14:03:00 (Asia/Shanghai)" in html


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NOW - timedelta(days=1), "yesterday 14:03"),
        (NOW + timedelta(days=1), "tomorrow 14:03"),
        (NOW - timedelta(days=40), "10-13 14:03"),
        (NOW - timedelta(days=400), "2025-10-18 14:03"),
        # 16:30 UTC is after midnight in Shanghai: the next day for the reader
        (datetime(2026, 11, 21, 16, 30, tzinfo=UTC), "today 00:30"),
    ],
)
def test_other_days_are_said_in_the_readers_zone(at, words):
    assert f">{words}<" in looks.when(at)


def test_what_is_missing_is_a_dash():
    for html in (looks.when(None), looks.money(None), looks.number(None), looks.lasting(None), looks.due(None)):
        assert html == looks.DASH


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [("1299", "CNY", "CN¥1,299.00"), ("-3.5", "USD", "-$3.50"), ("1500", "JPY", "¥1,500"), ("1.2345", "KWD", "KWD")],
)
def test_money_has_the_digits_of_its_currency(amount, currency, text):
    assert text in looks.money(Decimal(amount), currency)


def test_negative_money_is_marked_by_more_than_its_sign():
    assert "num-negative" in looks.money(Decimal("-1"), "CNY")


def test_chinese_money_is_written_as_people_write_it():
    with translation.override("zh-hans"):
        assert ">¥1,299.00<" in looks.money(Decimal(1299), "CNY")


@pytest.mark.parametrize(
    ("left", "words", "css"),
    [
        (timedelta(days=2, hours=3), "2 d 3 h left", 'class="num"'),
        (timedelta(minutes=59), "59 min left", "due-warn"),
        (timedelta(seconds=-42), "42 s late", "due-bad"),
    ],
)
def test_a_deadline_says_what_is_left_and_turns_urgent(left, words, css):
    html = looks.due(NOW + left)
    assert words in html
    assert css in html


def test_a_state_is_icon_word_and_colour(monkeypatch):
    monkeypatch.setattr("kernel.shell.looks", lambda: {"order": {"shipped": Look("Shipped", "good", "truck-delivery")}})
    html = looks.state("order", "shipped")
    assert "tag-good" in html
    assert "#truck-delivery" in html
    assert "<span>Shipped</span>" in html


def test_a_state_that_nobody_described_shows_its_code():
    assert "<span>half_done</span>" in looks.state("order", "half_done")


def test_words_from_outside_are_escaped():
    assert "<b>" not in looks.badge("<b>bold</b>")


def test_a_count_says_when_it_stopped_counting():
    assert looks.counted(1, False) == "1 row"
    assert looks.counted(12431, False) == "12,431 rows"
    assert looks.counted(10000, True) == "more than 10,000 rows"


class ReasonForm(forms.Form):
    reason = forms.CharField(help_text="Seen by the buyer")
    is_urgent = forms.BooleanField(required=False)


def test_a_field_ties_its_hint_and_errors_to_itself():
    html = render("{% field form.reason %}", form=ReasonForm({"reason": ""}))
    assert 'aria-describedby="id_reason_hint id_reason_error"' in html
    assert 'id="id_reason_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'for="id_reason"' in html


def test_a_checkbox_has_its_label_around_it():
    html = render("{% field form.is_urgent %}", form=ReasonForm())
    assert html.index("<label") < html.index('type="checkbox"') < html.index("</label>")
