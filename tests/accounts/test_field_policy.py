"""No role sees more of a field than the table says: not on a page, not in the API, not in an export, not in the audit log."""

from itertools import combinations
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.template import Context, Template
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework import serializers

from accounts import field_policy
from accounts.api import Column, Field, MaskedField, access, audit, export_csv, present
from accounts.field_policy import access_of, declare, table
from accounts.masking import mask
from accounts.roles import ROLES
from tests.factories.accounts import make_user

CLEAR_TEXT = {
    "phone": "13812345678",
    "id_card": "330106199001011234",
    "name": "欧阳小明",
    "address": "浙江省杭州市西湖区文三路90号",
    "email": "xiaoming@example.com",
    "ip": "203.0.113.9",
    "text": "secret words",
    "none": "a nickname",
}
ROLE_SETS = [frozenset({role}) for role in ROLES] + [frozenset(pair) for pair in combinations(ROLES, 2)]


def on_page(user, key, value):
    template = Template("{% load access %}{% shown key value %}")
    return template.render(Context({"request": SimpleNamespace(user=user), "key": key, "value": value}))


def in_api(user, key, value):
    serializer = type("Told", (serializers.Serializer,), {"field": MaskedField(policy=key)})
    return serializer({"field": value}, context={"request": SimpleNamespace(user=user)}).data["field"]


def in_export(user, key, value):
    return "".join(export_csv(user, [Column("Field", lambda row: row, key)], [value]))


def expected_text(one, seen, value):
    return {"clear": value, "masked": mask(one.kind, value), "hidden": ""}[seen]


@pytest.mark.parametrize("role", [*ROLES, ""])
def test_every_way_out_shows_exactly_what_the_table_says(role, db):
    user = make_user(role)
    roles = frozenset({role} - {""})
    for key, one in table().items():
        value = CLEAR_TEXT[one.kind]
        seen = access_of(roles, key)
        told = expected_text(one, seen, value)
        assert present(user, key, value).text == told
        assert in_api(user, key, value) == (None if seen == "hidden" else told)
        for way_out in (on_page(user, key, value), in_export(user, key, value)):
            assert (value in way_out) == (seen == "clear"), (role, key)
            assert seen == "hidden" or told in way_out, (role, key)


@given(
    kind=st.sampled_from(list(CLEAR_TEXT)),
    default=st.sampled_from(["clear", "masked", "hidden"]),
    differing=st.dictionaries(st.sampled_from(list(ROLES)), st.sampled_from(["clear", "masked", "hidden"])),
    roles=st.sampled_from(ROLE_SETS),
)
def test_somebody_with_several_roles_sees_what_the_most_open_one_sees(kind, default, differing, roles):
    one = Field(kind, default, differing)
    each = [one.access_for(frozenset({role})) for role in roles]
    openness = ["hidden", "masked", "clear"]
    assert one.access_for(roles) == max(each, key=openness.index)


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(value=st.text(min_size=1), key=st.text(min_size=1, max_size=60).filter(lambda key: key not in table()))
def test_a_field_that_nobody_declared_is_hidden_from_everybody(value, key, admin_once):
    assert present(admin_once, key, value).text == ""
    assert in_api(admin_once, key, value) is None


@pytest.fixture
def admin_once(db):
    return make_user("admin")


def test_strangers_and_disabled_people_see_nothing(db):
    key = next(key for key in table() if access_of(frozenset({"admin"}), key) == "clear")
    assert access(AnonymousUser(), key) == "hidden"
    assert access(make_user("admin", is_active=False), key) == "hidden"


def test_a_superuser_sees_what_an_administrator_sees(db):
    user = make_user("", is_superuser=True)
    for key in table():
        assert access(user, key) == access_of(frozenset({"admin"}), key)


def test_hidden_does_not_tell_whether_there_is_a_value(db):
    user = make_user("picker")
    assert on_page(user, "accounts.user.email", "a@example.com") == on_page(user, "accounts.user.email", "")


def test_an_export_leaves_out_a_hidden_column_heading_and_all(db):
    columns = [Column("Number", lambda row: row), Column("Mail", lambda _row: "a@example.com", "accounts.user.email")]
    assert "".join(export_csv(make_user("picker"), columns, ["1"])) == "\ufeffNumber\r\n1\r\n"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+cmd", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", " =1+1"])
def test_an_export_holds_no_formula(db, text):
    line = "".join(export_csv(make_user("admin"), [Column("Note", lambda row: row)], [text])).split("\r\n", 1)[1]
    assert line.lstrip('"').startswith("'")


@pytest.mark.parametrize("text", ["-12.50", "-3"])
def test_an_export_leaves_negative_numbers_as_numbers(db, text):
    assert "".join(export_csv(make_user("admin"), [Column("Amount", lambda row: row)], [text])).endswith(f"{text}\r\n")


def test_pages_escape_what_they_show(db):
    assert "<script>" not in on_page(make_user("admin"), "accounts.user.email", "<script>alert(1)</script>")


def test_the_audit_log_stores_declared_fields_masked_and_scrubs_the_others(db):
    entry = audit.record(
        "system",
        "person.tested",
        "accounts.user",
        "x",
        before={"email": "xiaoming@example.com", "state": "paid"},
        after={"note": "call 13812345678", "deep": {"list": ["330106199001011234"]}},
        reason="asked by 13812345678",
    )
    entry.refresh_from_db()
    assert entry.before == {"email": "x***@example.com", "state": "paid"}
    assert entry.after == {"note": "call 138****5678", "deep": {"list": ["3301061990********"]}}
    assert entry.reason == "asked by 138****5678"


def test_a_policy_may_only_speak_of_its_own_app_and_known_roles():
    with pytest.raises(ImproperlyConfigured):
        declare("orders", {"accounts.user.email": Field("email", "clear")})
    with pytest.raises(ImproperlyConfigured):
        declare("accounts", {"accounts.user.email": Field("email", "clear", {"stranger": "clear"})})


def test_the_documentation_of_the_policy_is_up_to_date():
    call_command("write_field_policy", "--check")


def test_a_stale_documentation_is_refused(monkeypatch):
    monkeypatch.setitem(field_policy._TABLE, "accounts.user.zz", Field("text", "hidden"))
    with pytest.raises(CommandError):
        call_command("write_field_policy", "--check")
