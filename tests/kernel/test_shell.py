import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse

from accounts.navigation import menu_for
from kernel import correlation
from kernel.looks import TONE_ICONS
from kernel.shell import UNKNOWN_ICON, look, looks, menu_items
from tests.factories.accounts import make_user

SPRITE = Path(settings.BASE_DIR) / "static" / "build" / "icons.svg"


def test_every_menu_entry_leads_somewhere():
    assert [reverse(item.url_name) for item in menu_items()]


@pytest.mark.django_db
def test_every_menu_entry_asks_for_a_permission_that_exists():
    known = {f"{p.content_type.app_label}.{p.codename}" for p in Permission.objects.select_related("content_type")}
    assert {item.permission for item in menu_items() if item.permission} <= known


def test_every_look_has_a_word_a_known_tone_and_an_icon_of_the_sprite():
    icons = set(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text())) if SPRITE.exists() else None
    for kind, entries in looks().items():
        for value, shown in entries.items():
            where = f"{kind}/{value}"
            assert str(shown.word).strip(), where
            assert shown.tone in TONE_ICONS, where
            assert icons is None or shown.icon in icons, f"{where}: run `npm run build`, or {shown.icon} is no icon"


def test_several_apps_may_describe_one_kind_of_state():
    assert look("audit", "session.opened").icon != UNKNOWN_ICON
    assert look("audit", "order.held").icon != UNKNOWN_ICON


@pytest.mark.django_db
def test_the_menu_shows_what_a_person_may_use_and_marks_the_page_they_are_on():
    request = RequestFactory().get("/orders/O261122000000017/")
    request.user = make_user("picker")
    picker = {link.url for group in menu_for(request) for link in group.links}
    request.user = make_user("admin")
    links = [link for group in menu_for(request) for link in group.links]
    assert "/audit/" not in picker
    assert "/audit/" in {link.url for link in links}
    assert [link.url for link in links if link.is_current] == ["/orders/"]


@pytest.mark.django_db
def test_the_switch_of_the_theme_never_leads_to_another_site(client):
    answer = client.post("/appearance/", {"theme": "dark", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"
    assert answer.cookies["theme"].value == "dark"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/no-such-page/", "/orders/O000000000000000/"])
def test_an_error_page_names_its_trace_id(client, path):
    client.force_login(make_user("admin"), backend="accounts.rights.RememberingBackend")
    answer = client.get(path, headers={"X-Request-Id": "trace-of-this-test"})
    assert answer.status_code == 404
    assert "trace-of-this-test" in answer.content.decode()


def test_the_page_for_our_own_failures_needs_no_context_and_names_the_trace_id():
    assert correlation.current() in render_to_string("500.html")
