"""The role table names permissions that exist, leaves none of ours to nobody, and is what the groups hold."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from accounts.api import ROLES
from accounts.field_policy import access_of
from accounts.roles import apply_roles

pytestmark = pytest.mark.django_db
SEC_1 = {
    "customer_service",
    "reviewer",
    "supervisor",
    "group_lead",
    "picker",
    "warehouse_lead",
    "finance",
    "operations_lead",
    "admin",
}


def custom_permissions():
    return {
        f"{model._meta.app_label}.{permission[0]}"
        for model in apps.get_models()
        if model.__module__.split(".")[0] in {"kernel", "accounts", "inventory", "oms", "channels_sync", "warehouse"}
        or model.__module__.split(".")[0] in {"reconciliation", "insights"}
        for permission in model._meta.permissions
    }


def existing_permissions():
    return {f"{app}.{code}" for app, code in Permission.objects.values_list("content_type__app_label", "codename")}


def test_every_job_of_the_house_has_a_role():
    assert set(ROLES) >= SEC_1


@pytest.mark.parametrize("role", ROLES)
def test_every_permission_of_a_role_exists(role):
    assert not set(ROLES[role].permissions) - existing_permissions()


def test_every_permission_that_we_made_is_given_to_somebody():
    given = {permission for role in ROLES.values() for permission in role.permissions}
    assert not custom_permissions() - given


def test_an_administrator_may_do_whatever_anybody_may():
    everything = {permission for role in ROLES.values() for permission in role.permissions}
    assert set(ROLES["admin"].permissions) == everything


@pytest.mark.parametrize("role", ROLES)
def test_the_group_holds_exactly_what_the_table_says(role):
    held = Permission.objects.filter(group__name=role).values_list("content_type__app_label", "codename")
    assert {f"{app}.{code}" for app, code in held} == set(ROLES[role].permissions)


def test_a_permission_given_by_hand_is_taken_back_at_the_next_migration():
    picker = Group.objects.get(name="picker")
    picker.permissions.add(Permission.objects.get(codename="view_audit"))
    apply_roles(apps.get_app_config("accounts"))
    assert not picker.permissions.filter(codename="view_audit").exists()


def test_people_who_only_read_money_or_boards_cannot_touch_orders_or_stock():
    touching = {"orders.review_order", "orders.hold_order", "inventory.adjust_stock", "warehouse.ship"}
    for role in ("finance", "operations_lead"):
        assert not touching & set(ROLES[role].permissions)


def test_whoever_the_policy_shows_a_delivery_as_it_came_may_read_it():
    may = {name for name, role in ROLES.items() if "channels_sync.view_raw_body" in role.permissions}
    sees = {name for name in ROLES if access_of(frozenset({name}), "channels_sync.delivery.raw_body") == "clear"}
    assert may == sees == {"admin", "operations_lead"}


def test_the_demo_has_one_log_in_for_each_job(capsys):
    call_command("load_people")
    call_command("load_people")
    call_command("demo_logins")
    printed = capsys.readouterr().out
    for role in SEC_1:
        assert f"demo-{role}" in printed


def test_outside_the_demo_there_are_no_known_passwords(settings, capsys, client):
    settings.OMS_DEMO = False
    call_command("demo_logins")
    assert capsys.readouterr().out == ""
    with pytest.raises(Exception, match="demo only"):
        call_command("load_people")
    assert "customer_service" not in client.get("/login/").content.decode()
