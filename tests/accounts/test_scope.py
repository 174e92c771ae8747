"""Three people in front of the same door: without the permission, with it, with it but in another shop."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group

from accounts.api import ALL, PermissionMissing, can, grant, ids_in_scope, in_scope, require, revoke
from inventory.models import Warehouse
from oms.orders.models import Shop
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def shops():
    return [Shop.objects.create(code=f"shop-{n}", name=f"店铺{n}", platform="generic") for n in range(3)]


@pytest.fixture
def warehouses():
    return [Warehouse.objects.create(code=f"WH-{n}", name=f"仓{n}") for n in range(2)]


def test_nobody_acts_where_nothing_was_granted(shops):
    assert ids_in_scope(make_user("reviewer"), "orders.review_order", Shop) == set()


def test_a_grant_opens_one_shop_and_no_other(shops):
    person = make_user("reviewer", shops=shops[:1])
    assert can(person, "orders.review_order", shops[0])
    assert not can(person, "orders.review_order", shops[1])
    with pytest.raises(PermissionMissing):
        require(person, "orders.review_order", shops[1])


def test_a_grant_without_the_permission_opens_nothing(shops):
    picker = make_user("picker", shops=shops)
    assert ids_in_scope(picker, "orders.review_order", Shop) == set()
    assert not can(picker, "orders.review_order", shops[0])


def test_a_picker_with_no_grants_sees_no_warehouse(warehouses):
    picker = make_user("picker")
    assert ids_in_scope(picker, "warehouse.pick", Warehouse) == set()
    assert not in_scope(Warehouse.objects.all(), picker, "warehouse.pick", "pk", Warehouse).exists()


def test_grants_of_a_group_count(shops):
    group = Group.objects.create(name="east")
    grant(group, shops[1])
    person = make_user("reviewer", shops=shops[:1])
    person.groups.add(group)
    assert ids_in_scope(person, "orders.review_order", Shop) == {shops[0].pk, shops[1].pk}


def test_a_grant_can_be_taken_back(shops):
    person = make_user("reviewer", shops=shops)
    revoke(person, shops[0])
    assert ids_in_scope(person, "orders.review_order", Shop) == {shops[1].pk, shops[2].pk}


@pytest.mark.parametrize("role", ["admin", "finance"])
def test_some_roles_reach_everywhere_but_do_no_more_there(role, shops):
    person = make_user(role)
    assert ids_in_scope(person, "orders.view_order", Shop) is ALL
    assert in_scope(Shop.objects.all(), person, "orders.view_order", "pk", Shop).count() == 3
    assert can(person, "orders.review_order", shops[0]) == (role == "admin")


def test_strangers_and_disabled_people_reach_nothing(shops):
    assert ids_in_scope(AnonymousUser(), "orders.view_order", Shop) == set()
    disabled = make_user("admin", is_active=False)
    assert ids_in_scope(disabled, "orders.view_order", Shop) == set()


def test_scope_is_looked_up_once_a_request(shops, django_assert_max_num_queries):
    person = make_user("reviewer", shops=shops)
    ids_in_scope(person, "orders.review_order", Shop)
    with django_assert_max_num_queries(0):
        ids_in_scope(person, "orders.hold_order", Shop)
        can(person, "orders.view_order", shops[0])
