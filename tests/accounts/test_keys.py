"""API keys: shown once, found fast, closed for good, and limited by the minute."""

from datetime import timedelta
from io import StringIO

import pytest
import redis
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import throttle
from accounts.api import KeyThrottled, authenticate_key, can
from accounts.keyring import forget_callers
from accounts.models import ApiKey, AuditEntry
from accounts.services.keys import create_api_key, revoke_api_key
from oms.orders.models import Shop
from tests.factories.accounts import make_key, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh():
    forget_callers()
    throttle._left.clear()


def test_a_key_lets_its_service_person_in():
    caller = authenticate_key(make_key("integration"))
    assert caller.user.is_service
    assert can(caller.user, "inventory.reserve_stock")
    assert not can(caller.user, "accounts.view_audit")


def test_the_secret_is_nowhere_in_the_database():
    made = create_api_key(name="till", role="integration", actor="tests")
    row = ApiKey.objects.values().get()
    entry = AuditEntry.objects.values().get(action="api_key.created")
    secret = made.text.split("_", 2)[2]
    assert secret not in f"{row} {entry}"


@pytest.mark.parametrize(
    "break_it", [lambda t: t + "x", lambda t: t[:-1], lambda t: t.replace("oms_", "oms_0", 1), lambda t: t.upper()]
)
def test_a_key_that_is_off_by_one_character_is_no_key(break_it):
    scheme, _, text = make_key().partition(" ")
    assert authenticate_key(f"{scheme} {break_it(text)}") is None


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer oms_", "Bearer oms__", "Basic b3Bz", "Bearer \x00", "oms_a_b"]
)
def test_nonsense_is_no_key(header):
    assert authenticate_key(header) is None


def test_a_known_key_asks_the_database_nothing_for_some_seconds(django_assert_num_queries):
    header = make_key("integration")
    can(authenticate_key(header).user, "inventory.reserve_stock")
    with django_assert_num_queries(0):
        assert can(authenticate_key(header).user, "inventory.reserve_stock")


def test_a_closed_key_is_refused_at_once_here_and_soon_elsewhere():
    header = make_key()
    key = authenticate_key(header)
    revoke_api_key(key=ApiKey.objects.get(pk=key.key_id), actor="tests")
    forget_callers()
    assert authenticate_key(header) is None
    assert AuditEntry.objects.filter(action="api_key.revoked").exists()
    assert not revoke_api_key(key=ApiKey.objects.get(pk=key.key_id), actor="tests")


def test_a_key_expires_even_while_it_is_remembered():
    with time_machine.travel("2026-03-01T00:00:00Z", tick=False) as clock:
        made = create_api_key(
            name="short", role="admin", actor="tests", expires_at=timezone.now() + timedelta(seconds=2)
        )
        header = f"Bearer {made.text}"
        assert authenticate_key(header)
        clock.shift(2)
        assert authenticate_key(header) is None


def test_last_use_is_noted_at_most_once_a_minute():
    header = make_key()
    used = []
    for at in ("00:00:00", "00:00:30", "00:01:01"):
        with time_machine.travel(f"2026-03-01T{at}Z", tick=False):
            forget_callers()
            authenticate_key(header)
            used.append(ApiKey.objects.get().last_used_at.strftime("%H:%M:%S"))
    assert used == ["00:00:00", "00:00:00", "00:01:01"]


@pytest.mark.parametrize("limit", [1, 3, 120])
def test_a_key_has_so_many_calls_a_minute_and_no_more(limit):
    header = make_key(rate=limit)
    with time_machine.travel("2026-03-01T00:00:10Z", tick=False) as clock:
        for _ in range(limit):
            assert authenticate_key(header)
        with pytest.raises(KeyThrottled) as refused:
            authenticate_key(header)
        assert refused.value.retry_after == 50
        clock.shift(50)
        assert authenticate_key(header)


def test_without_redis_calls_go_through_and_are_counted(monkeypatch):
    def broken(_purpose):
        raise redis.ConnectionError

    monkeypatch.setattr(throttle, "get_client", broken)
    before = throttle.UNCHECKED._value.get()
    header = make_key(rate=1)
    assert all(authenticate_key(header) for _ in range(3))
    assert throttle.UNCHECKED._value.get() == before + 3


def test_the_command_prints_the_key_once():
    shop = Shop.objects.create(code="till", name="门店", platform="generic")
    other = Shop.objects.create(code="other", name="别的店", platform="generic")
    out = StringIO()
    call_command("create_api_key", name="till", role="integration", shops="till", days=30, stdout=out)
    caller = authenticate_key(f"Bearer {out.getvalue().strip()}")
    assert can(caller.user, "orders.view_order", shop)
    assert not can(caller.user, "orders.view_order", other)
    assert caller.expires_at


def test_the_command_refuses_a_shop_that_does_not_exist():
    with pytest.raises(CommandError, match="nowhere"):
        call_command("create_api_key", name="x", role="admin", shops="nowhere")
    assert not ApiKey.objects.exists()


def test_a_service_person_has_no_password_to_guess(client):
    make_key("admin")
    key = ApiKey.objects.get()
    assert not key.user.has_usable_password()
    assert client.post("/login/", {"username": key.user.username, "password": ""}).status_code == 200


def test_the_page_shows_a_new_key_once_and_is_not_kept_by_any_cache(client):
    client.force_login(make_user("admin"))
    answer = client.post("/keys/new/", {"name": "till", "role": "integration", "days": "365"})
    text = answer.context["made"].text
    assert text in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert authenticate_key(f"Bearer {text}")
    assert text.split("_", 2)[2] not in client.get("/keys/").content.decode()


@pytest.mark.parametrize("role", ["supervisor", "finance", "picker"])
def test_keys_are_the_administrators_affair(client, role):
    make_key("admin")
    prefix = ApiKey.objects.get().prefix
    client.force_login(make_user(role))
    assert client.get("/keys/").status_code == 403
    assert client.post("/keys/new/", {"name": "x", "role": "admin", "days": "0"}).status_code == 403
    assert client.post("/keys/", {"action": "revoke", "pick": [prefix]}).status_code == 403
    assert ApiKey.objects.get().is_live


def test_an_administrator_closes_the_keys_that_are_ticked(client):
    ticked, other = make_key("admin"), make_key("admin")
    client.force_login(make_user("admin"))
    client.post("/keys/", {"action": "revoke", "pick": [ticked.split("_")[1]]})
    assert authenticate_key(ticked) is None
    assert authenticate_key(other)
