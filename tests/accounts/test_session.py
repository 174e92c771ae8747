"""Logging in: the same words for every mistake, locked after some, nowhere to be sent astray."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.api import role_names
from accounts.models import AuditEntry, User
from tests.factories.accounts import PASSWORD, make_user

pytestmark = pytest.mark.django_db
LOGIN = "/login/"


def log_in(client, username, password=PASSWORD, **more):
    return client.post(LOGIN, {"username": username, "password": password, **more})


def test_every_page_asks_for_a_log_in_first(client):
    answer = client.get("/me/")
    assert answer.status_code == 302
    assert answer.url == "/login/?next=/me/"


def test_an_htmx_request_of_a_stranger_sends_the_whole_page_to_the_log_in(client):
    answer = client.get(
        "/audit/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/audit/?action=x"}
    )
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/login/?next=%2Faudit%2F"


def test_the_right_password_lets_in_and_leaves_a_trace(client):
    person = make_user("reviewer")
    answer = log_in(client, person.username, next="/me/")
    assert answer.url == "/me/"
    assert AuditEntry.objects.filter(action="session.opened", actor=person).exists()


def test_a_wrong_name_and_a_wrong_password_are_told_apart_by_nobody(client):
    person, disabled = make_user("reviewer"), make_user("reviewer", is_active=False)
    pages = [
        log_in(client, person.username, "wrong"),
        log_in(client, "nobody", "wrong"),
        log_in(client, disabled.username),
    ]
    errors = {str(page.context["form"].non_field_errors()) for page in pages}
    assert len(errors) == 1
    assert {page.status_code for page in pages} == {200}


def test_an_unknown_name_is_not_kept_for_it_may_be_a_password(client):
    log_in(client, "my-secret-password", "x")
    assert not AuditEntry.objects.filter(action="session.refused").exists()


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_a_log_in_leads_nowhere_outside(client, target):
    person = make_user("reviewer")
    assert log_in(client, person.username, next=target).url == "/"
    answer = client.post(reverse("accounts:appearance"), {"theme": "dark", "next": target})
    assert answer.url == "/"


def test_the_session_key_changes_at_log_in(client):
    client.get(LOGIN)
    session = client.session
    session["planted"] = "x"
    session.save()
    before = session.session_key
    log_in(client, make_user("reviewer").username)
    assert client.session.session_key != before


def test_logging_out_is_a_post_and_ends_the_session(client):
    client.force_login(make_user("reviewer"))
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").url == LOGIN
    assert client.get("/me/").status_code == 302


def test_a_page_is_not_shown_from_the_cache_to_the_next_person_at_the_desk(client):
    client.force_login(make_user("reviewer"))
    assert client.get("/me/")["Cache-Control"] == "private, no-cache"


def test_the_first_administrator_is_made_on_the_command_line(client):
    call_command("createsuperuser", username="root", email="", interactive=False)
    root = User.objects.get(username="root")
    client.force_login(root)
    assert client.get("/people/").status_code == 200
    assert role_names(root) == {"admin"}


def test_a_disabled_person_is_out_with_the_next_request(client):
    person = make_user("reviewer")
    client.force_login(person)
    person.is_active = False
    person.save()
    assert client.get("/me/").status_code == 302


def test_five_wrong_passwords_lock_the_name_from_this_address_and_say_until_when(client):
    person = make_user("reviewer")
    answers = [log_in(client, person.username, "wrong") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    locked = log_in(client, person.username)
    assert locked.status_code == 429
    until = locked.context["locked_until"]
    assert timedelta(minutes=14) < until - timezone.now() <= timedelta(minutes=16)
    assert AuditEntry.objects.filter(action="session.locked", obj_key=person.username).exists()


def test_others_and_other_addresses_are_not_locked(client):
    person, other = make_user("reviewer"), make_user("reviewer")
    for _ in range(6):
        log_in(client, person.username, "wrong")
    assert log_in(client, other.username).status_code == 302
    elsewhere = Client(REMOTE_ADDR="203.0.113.99")
    assert log_in(elsewhere, person.username).status_code == 302


def test_the_lock_opens_by_itself(client):
    person = make_user("reviewer")
    with time_machine.travel("2026-03-01T08:00:00Z", tick=False):
        for _ in range(6):
            log_in(client, person.username, "wrong")
    with time_machine.travel("2026-03-01T08:15:01Z", tick=False):
        assert log_in(client, person.username).status_code == 302


def test_a_new_password_from_an_administrator_opens_the_lock(client):
    person, admin = make_user("reviewer"), make_user("admin")
    for _ in range(6):
        log_in(client, person.username, "wrong")
    office = Client()
    office.force_login(admin)
    office.post(reverse("accounts:set_password", args=[person.uid]), {"password": "another-long-password"})
    assert log_in(client, person.username, "another-long-password").status_code == 302


def test_the_lock_tells_nothing_about_whether_the_name_exists(client):
    for _ in range(6):
        answer = log_in(client, "nobody", "wrong")
    assert answer.status_code == 429
    assert answer.context["locked_until"]


def test_the_language_switched_on_the_log_in_page_is_kept_with_the_person(client):
    person = make_user("reviewer", locale="zh-hans")
    log_in(client, person.username, language="en")
    person.refresh_from_db()
    assert person.locale == "en"


def test_a_person_reads_pages_in_their_own_language(client):
    client.force_login(make_user("reviewer", locale="en"))
    assert client.get("/me/")["Content-Language"] == "en"
    client.force_login(make_user("reviewer", locale="zh-hans"))
    assert client.get("/me/")["Content-Language"] == "zh-hans"


def test_strangers_read_chinese_until_they_switch(client):
    assert client.get(LOGIN)["Content-Language"] == "zh-hans"
    client.post(reverse("accounts:appearance"), {"language": "en", "next": LOGIN})
    assert client.get(LOGIN)["Content-Language"] == "en"


def test_a_request_without_a_session_asks_the_database_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get(LOGIN).status_code == 200


@pytest.mark.parametrize("zone", ["Mars/Olympus", "Europe", "../../etc/passwd", "/etc/passwd", "x" * 5000, "\x01"])
def test_an_unknown_zone_does_not_break_a_page(client, zone):
    client.cookies["zone"] = zone
    assert client.get(LOGIN).status_code == 200


@pytest.mark.parametrize("name", ["\x00", "x" * 10_000, "' OR 1=1 --", "{{ 7*7 }}"])
def test_an_odd_name_is_just_a_wrong_name(client, name):
    answer = log_in(client, name, "x")
    assert answer.status_code == 200
    assert "49" not in str(answer.context["form"]["username"].value())


def test_the_lock_counts_full_width_letters_as_the_letters_they_stand_for(client):
    person = make_user("reviewer", username="zhou")
    for _ in range(3):
        log_in(client, "ｚｈｏｕ", "wrong")
        log_in(client, "zhou", "wrong")
    assert log_in(client, person.username).status_code == 429


def test_a_new_password_keeps_this_session_and_ends_the_others(client):
    person, other = make_user("reviewer"), Client()
    client.force_login(person)
    other.force_login(person)
    new = "a-much-better-password"
    fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post("/me/password/", fields).status_code == 302
    assert client.get("/me/").status_code == 200
    assert other.get("/me/").status_code == 302


def test_a_wrong_old_password_changes_nothing(client):
    person = make_user("reviewer")
    client.force_login(person)
    fields = {"old_password": "wrong", "new_password1": "better-password-1", "new_password2": "better-password-1"}
    assert client.post("/me/password/", fields).status_code == 422
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_a_person_changes_their_own_settings_and_nothing_else(client):
    person = make_user("reviewer")
    client.force_login(person)
    fields = {"display_name": "周明", "locale": "en", "theme": "dark", "zone": "Europe/Berlin"}
    forbidden = {"is_superuser": "on", "username": "root", "roles": ["admin"], "team": "1", "is_active": ""}
    assert client.post("/me/", fields | forbidden).status_code == 302
    person.refresh_from_db()
    assert (person.display_name, person.theme, person.zone) == ("周明", "dark", "Europe/Berlin")
    assert not person.is_superuser
    assert person.username != "root"
    assert [group.name for group in person.groups.all()] == ["reviewer"]
