"""The audit log keeps what was written, and finds it again."""

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import RequestFactory
from django.urls import reverse

from accounts.api import audit
from accounts.models import AuditEntry
from accounts.origin import client_ip
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_auditentry SET reason = 'rewritten'",
        "DELETE FROM accounts_auditentry",
        "TRUNCATE accounts_auditentry",
    ],
)
def test_the_database_refuses_to_change_or_remove_an_entry(statement):
    audit.record("system", "tested")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEntry.objects.get(action="tested").reason == ""


def test_an_entry_goes_with_its_transaction():
    with transaction.atomic():
        audit.record("system", "rolled.back")
        transaction.set_rollback(True)
    assert not AuditEntry.objects.filter(action="rolled.back").exists()


def test_a_refused_page_leaves_who_where_and_the_trace_id(client):
    person = make_user("picker")
    client.force_login(person)
    answer = client.get(
        reverse("accounts:audit"), headers={"X-Request-Id": "trace-of-a-test"}, REMOTE_ADDR="203.0.113.7"
    )
    assert answer.status_code == 403
    entry = AuditEntry.objects.get(action="access.refused")
    assert (entry.actor, entry.obj_key, entry.ip, entry.correlation_id) == (
        person,
        "/audit/",
        "203.0.113.7",
        "trace-of-a-test",
    )


def test_a_person_without_the_permission_sees_neither_the_log_nor_its_export(client):
    client.force_login(make_user("supervisor"))
    assert client.get(reverse("accounts:audit")).status_code == 403
    assert client.get(reverse("accounts:export_audit")).status_code == 403


def test_the_log_is_filtered_by_its_address(client):
    client.force_login(make_user("admin"))
    audit.record("system", "order.held", "orders.order", "O1", reason="address is vague")
    audit.record("system", "order.approved", "orders.order", "O2")
    page = client.get(reverse("accounts:audit"), {"obj_key": "O1"}).content.decode()
    assert "address is vague" in page
    assert "O2" not in page


def test_a_day_is_a_day_where_the_reader_is(client):
    client.force_login(make_user("admin", zone="Asia/Shanghai"))
    for instant, key in (("2026-02-28T15:59:59Z", "before"), ("2026-02-28T16:00:00Z", "on-the-day")):
        with time_machine.travel(instant, tick=False):
            audit.record("system", "dated", "test", key)
    page = client.get(reverse("accounts:audit"), {"since": "2026-03-01", "until": "2026-03-01"}).content.decode()
    assert "on-the-day" in page
    assert "before" not in page.split("<table")[1]


def test_the_log_is_paged_by_key(client):
    client.force_login(make_user("admin"))
    for number in range(60):
        audit.record("system", "numbered", "test", f"row-{number:02d}")
    first = client.get(reverse("accounts:audit"), {"action": "numbered"})
    second = client.get(first.context["next_url"]).content.decode()
    assert "row-59" in first.content.decode()
    assert "row-09" in second
    assert "row-59" not in second


def test_the_export_holds_what_the_filters_show_and_is_itself_an_entry(client):
    client.force_login(make_user("admin"))
    audit.record("system", "order.held", "orders.order", "O1", reason="=cmd()")
    audit.record("system", "order.held", "orders.order", "O2")
    answer = client.get(reverse("accounts:export_audit"), {"obj_key": "O1"})
    text = b"".join(answer.streaming_content).decode()
    assert "'=cmd()" in text
    assert "O2" not in text
    assert AuditEntry.objects.filter(action="audit.exported").count() == 1


def test_a_forged_forwarded_header_does_not_change_the_address(settings):
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "198.51.100.1"}, REMOTE_ADDR="203.0.113.7")
    assert client_ip(request) == "203.0.113.7"
    settings.OMS_PROXY_COUNT = 1
    request.META["HTTP_X_FORWARDED_FOR"] = "6.6.6.6, 198.51.100.1"
    assert client_ip(request) == "198.51.100.1"
