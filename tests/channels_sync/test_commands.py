"""Opening shops from the shell."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection as database

from channels_sync.models import Connection
from oms.orders.models import Shop

pytestmark = pytest.mark.django_db


def test_create_shop_opens_a_shop_and_its_way_to_the_platform(capsys: pytest.CaptureFixture[str]) -> None:
    call_command(
        "create_shop",
        "--platform=shopify",
        "--code=demo",
        "--secret=hush",
        "--option",
        "name=Demo",
        "currency=USD",
        "--option",
        "api_token=shpat_1",
        "base_url=http://127.0.0.1:1/shopify/demo",
    )
    shop, connection = Shop.objects.get(), Connection.objects.get()
    assert (shop.code, shop.name, shop.platform, shop.currency) == ("demo", "Demo", "shopify", "USD")
    assert connection.credentials == {"secret": "hush", "api_token": "shpat_1"}
    assert "/hooks/demo/" in capsys.readouterr().out


def test_secrets_are_sealed_in_the_database() -> None:
    call_command("create_shop", platform="generic", code="demo", secret="whsec_secret_text")
    with database.cursor() as cursor:
        cursor.execute("SELECT credentials FROM channels_sync_connection")
        assert b"secret_text" not in bytes(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("platform", "options", "words"),
    [
        ("nowhere", [], "generic, shopify, taobao, woocommerce"),
        ("shopify", [["colour=red"]], "colour"),
        ("shopify", [["colour"]], "name=value"),
        ("shopify", [["base_url=ftp://x"]], "http"),
        ("shopify", [["rate_per_minute=often"]], "whole number"),
    ],
)
def test_what_cannot_be_opened_is_said_in_one_sentence(platform: str, options: list[list[str]], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("create_shop", platform=platform, code="demo", secret="x", option=options)
    assert not Shop.objects.exists()


def test_a_code_is_used_once() -> None:
    call_command("create_shop", platform="generic", code="demo", secret="x")
    with pytest.raises(CommandError, match="demo"):
        call_command("create_shop", platform="generic", code="demo", secret="y")
