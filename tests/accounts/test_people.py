"""The people pages: only administrators change anything, and they cannot lock everybody out."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, User
from oms.orders.models import Shop
from tests.factories.accounts import PASSWORD, TeamFactory, make_key, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    person = make_user("admin")
    client.force_login(person)
    return person


@pytest.fixture
def shop():
    return Shop.objects.create(code="tm-main", name="天猫旗舰店", platform="taobao")


def page(name, person):
    return reverse(f"accounts:{name}", args=[person.uid])


def new_person(**fields):
    return {
        "username": "li.na",
        "display_name": "李娜",
        "password": "a-good-long-password",
        "roles": ["reviewer"],
    } | fields


def test_an_administrator_adds_somebody_who_can_then_work(client, admin, shop):
    client.post(reverse("accounts:new_person"), new_person(shops=["tm-main"]))
    person = User.objects.get(username="li.na")
    assert person.has_perm("orders.review_order")
    assert person.check_password("a-good-long-password")
    assert {"person.created", "person.roles", "person.reach"} <= set(
        AuditEntry.objects.values_list("action", flat=True)
    )


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"username": "TAKEN"}, "username"),
        ({"username": "with space"}, "username"),
        ({"password": "short"}, "password"),
        ({"password": "1234567890"}, "password"),
        ({"roles": ["emperor"]}, "roles"),
        ({"shops": ["nowhere"]}, "shops"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(client, admin, fields, field):
    make_user("picker", username="taken")
    answer = client.post(reverse("accounts:new_person"), new_person(**fields))
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert not User.objects.filter(username="li.na").exists()


def test_roles_reach_and_team_become_what_was_ticked(client, admin, shop):
    person, team = make_user("reviewer"), TeamFactory()
    client.post(page("change_reach", person), {"roles": ["supervisor"], "shops": ["tm-main"], "team": team.pk})
    person = User.objects.get(pk=person.pk)
    assert [group.name for group in person.groups.all()] == ["supervisor"]
    assert person.team == team
    assert client.get(page("person", person)).context["reach_form"].initial["shops"] == ["tm-main"]
    client.post(page("change_reach", person), {"roles": ["supervisor"]})
    assert client.get(page("person", person)).context["reach_form"].initial["shops"] == []


def test_the_last_administrator_stays(client, admin):
    answer = client.post(page("change_reach", admin), {"roles": ["picker"]})
    assert answer.status_code == 422
    assert client.post(page("change_active", admin), {"active": "no"}).status_code == 422
    admin.refresh_from_db()
    assert admin.is_active
    assert admin.groups.filter(name="admin").exists()


def test_a_key_with_the_role_does_not_count_as_an_administrator(client, admin):
    make_key("admin")
    assert client.post(page("change_active", admin), {"active": "no"}).status_code == 422


def test_an_administrator_may_go_when_another_stays(client, admin):
    make_user("admin")
    assert client.post(page("change_active", admin), {"active": "no"}).status_code == 302
    assert client.get(reverse("accounts:people")).status_code == 302


def test_a_new_password_lets_in_and_the_old_one_no_longer(client, admin):
    person = make_user("reviewer")
    client.post(page("set_password", person), {"password": "another-long-password"})
    person.refresh_from_db()
    assert person.check_password("another-long-password")
    assert not person.check_password(PASSWORD)


def test_a_weak_password_is_refused(client, admin):
    person = make_user("reviewer")
    assert client.post(page("set_password", person), {"password": "password12"}).status_code == 422
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


@pytest.mark.parametrize("role", ["supervisor", "group_lead", "finance", "operations_lead", "picker", "integration"])
def test_others_neither_see_nor_change_people(client, role):
    somebody = make_user("reviewer")
    client.force_login(make_user(role))
    assert client.get(reverse("accounts:people")).status_code == 403
    assert client.get(page("person", somebody)).status_code == 403
    for name in ("change_reach", "change_active", "set_password"):
        fields = {"roles": ["admin"], "password": "another-long-password", "active": "no"}
        assert client.post(page(name, somebody), fields).status_code == 403
    assert client.post(reverse("accounts:new_person"), new_person()).status_code == 403
    somebody.refresh_from_db()
    assert somebody.is_active
    assert [group.name for group in somebody.groups.all()] == ["reviewer"]


def test_the_service_behind_a_key_is_no_person(client, admin):
    make_key("admin")
    service = User.objects.get(is_service=True)
    assert client.get(page("person", service)).status_code == 404
    assert client.post(page("set_password", service), {"password": "another-long-password"}).status_code == 404


def test_people_are_found_by_name_and_role(client, admin):
    make_user("picker", username="wang.wu", display_name="王五")
    make_user("reviewer", username="li.si", display_name="李四")
    found = client.get(reverse("accounts:people"), {"q": "王"}).content.decode()
    assert "王五" in found
    assert "李四" not in found
    assert "王五" in client.get(reverse("accounts:people"), {"role": "picker"}).content.decode()
