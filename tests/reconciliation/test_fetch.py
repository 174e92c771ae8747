"""The simulated platform's statement comes over HTTP, signed, and is compared with what we shipped."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from channels_sync import directory
from channels_sync.simulator.server import Server
from kernel import clock
from reconciliation.models import Difference, PaymentAccount, Statement
from tests.factories import channels
from tests.factories.inventory import make_warehouse
from tests.factories.orders import incoming, receive, stocked

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Server]:
    directory.forget_all()
    server = Server(tmp_path / "platform.sqlite3")
    server.start()
    yield server
    server.stop()


def today() -> str:
    return f"{clock.business_date(clock.now(), 'Asia/Shanghai'):%Y-%m-%d}"


def test_a_day_s_statement_is_fetched_imported_and_matched(
    platform: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    connection = channels.make_connection("generic", "demo", platform)
    call_command("fetch_statements", "--day", today())
    assert "demo" in capsys.readouterr().out
    statement = Statement.objects.get()
    assert (statement.account.code, statement.account.shop, statement.state) == (
        "settle-demo", connection.shop, "matched",
    )  # fmt: skip
    call_command("fetch_statements", "--day", today(), "--shop", "demo")
    assert Statement.objects.count() == 1


def test_what_the_platform_pays_for_a_shipped_order_is_compared_with_the_order(platform: Server) -> None:
    connection = channels.make_connection("generic", "demo", platform)
    make_warehouse("WH-SH")
    stocked()
    line = {"line_id": "1", "sku": "TEE-L", "title": "T恤", "spec": "L", "qty": 1, "price": "59.00"}
    life, book = platform.platform.life, platform.platform.book
    sold = life.place(channels.sim_shop(connection), lines=[line], is_paid=True, is_told=False, shipping="0.00")
    book.ship("demo", sold.order_id, key="k", carrier="SF", tracking_no="SF1", line_ids=None)
    order = receive(connection.shop, incoming(sold.order_id, lines=[("TEE-L", 1, "60.00")]))
    call_command("fetch_statements", "--day", today())
    found = Difference.objects.get(kind="amount")
    assert (found.order_no, found.stated_amount - found.expected_amount) == (order.order_no, found.unexplained_amount)
    assert found.expected_amount == 60
    assert PaymentAccount.objects.get().settles_on == "shipment"


def test_a_platform_that_fails_is_told_of_and_imports_nothing(platform: Server) -> None:
    channels.make_connection("generic", "demo", platform)
    platform.stop()
    with pytest.raises(CommandError, match="1 statements could not be fetched"):
        call_command("fetch_statements")
    assert Statement.objects.count() == 0


def test_a_shop_whose_platform_hands_out_no_statements_is_passed_over(capsys: pytest.CaptureFixture[str]) -> None:
    channels.make_connection("shopify", "us", base_url="https://us.example.com/admin")
    call_command("fetch_statements")
    assert Statement.objects.count() == 0
