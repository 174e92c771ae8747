"""Real payloads and published signature vectors, connector by connector."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from channels_sync.connectors.base import BadSignature, Credentials, Settings
from channels_sync.connectors.generic import signing as standard
from channels_sync.connectors.reading import parse_object
from channels_sync.connectors.registry import connectors
from channels_sync.connectors.taobao import signing as top
from kernel import clock
from oms.orders.contracts import IncomingOrder
from tests.factories.channels import FIXTURES, payload


def read(platform: str, sample: str) -> IncomingOrder:
    connector = connectors()[platform]
    body = (FIXTURES / platform / f"{sample}.json").read_bytes()
    return connector.normalize(parse_object(body), Settings(connector.zone, connector.currency))


# --- published vectors ---
def test_shopify_and_woocommerce_vectors_verify() -> None:
    for name, header in (("shopify", "x-shopify-hmac-sha256"), ("woocommerce", "x-wc-webhook-signature")):
        vector = payload(f"{name}/vector")
        body = vector["body"].encode()
        connectors()[name].verify(Credentials(vector["secret"]), {header: vector["out"]}, body, clock.now())


def test_shopify_headers_may_drop_their_prefix() -> None:
    vector = payload("shopify/vector")
    headers = {"shopify-hmac-sha256": vector["out"]}
    connectors()["shopify"].verify(Credentials(vector["secret"]), headers, vector["body"].encode(), clock.now())


@pytest.mark.parametrize("name", ["official", "own"])
def test_standard_webhooks_vectors_verify(name: str) -> None:
    vector = payload("generic/vectors")[name]
    body, at = vector["body"].encode(), datetime.fromtimestamp(int(vector["ts"]), UTC)
    assert standard.sign(vector["secret"], vector["id"], vector["ts"], body) == vector["out"]
    headers = {"webhook-id": vector["id"], "webhook-timestamp": vector["ts"]}
    credentials = Credentials(vector["secret"])
    for good in (vector["out"], f"v1,AAAA {vector['out']}"):
        standard.verify(credentials, headers | {"webhook-signature": good}, body, at)
    for bad in (vector["out"].replace("v1,", "v2,"), "v1,AAAA", ""):
        with pytest.raises(BadSignature):
            standard.verify(credentials, headers | {"webhook-signature": bad}, body, at)


@pytest.mark.parametrize(("name", "method"), [("top_md5", "md5"), ("top_hmac", "hmac"), ("top_hmac256", "hmac-sha256")])
def test_top_vectors(name: str, method: str) -> None:
    params = {
        "app_key": "12345678",
        "fields": "num_iid,title,nick,price,num",
        "format": "json",
        "method": "taobao.item.seller.get",
        "num_iid": "11223344",
        "session": "test",
        "sign_method": method,
        "timestamp": "2016-01-01 12:00:00",
        "v": "2.0",
    }
    vector = payload("taobao/vectors")[name]
    assert top.joined(params) == vector["canon"]
    assert top.sign("helloworld", params | {"empty": ""}, method) == vector["out"]


def test_top_call_into_our_server_verifies_with_its_signed_header() -> None:
    vector = payload("taobao/vectors")["top_spi"]
    query = "&".join(f"{key}={value}" for key, value in vector["query"].items()) + f"&sign={vector['out']}"
    headers = vector["headers"] | {top.QUERY_HEADER: query.replace(" ", "%20")}
    at = clock.parse(vector["query"]["timestamp"], "Asia/Shanghai")
    assert at is not None
    top.verify(Credentials(vector["secret"]), headers, vector["body"].encode(), at)
    with pytest.raises(BadSignature):
        top.verify(Credentials(vector["secret"]), headers | {"x-biz-id": "1"}, vector["body"].encode(), at)


# --- real payloads ---
def test_shopify_webhook_body() -> None:
    order = read("shopify", "order-webhook")
    assert (order.channel_order_no, order.channel_order_name) == ("450789469", "#1001")
    assert (order.status, order.refund_status) == ("to_ship", "partial")
    assert (order.amounts.goods, order.amounts.paid) == (Decimal("597.00"), Decimal("598.94"))
    assert order.amounts.refunded == Decimal("209.00")
    assert order.source_created_at == datetime(2008, 1, 10, 16, 0, tzinfo=UTC)
    assert [line.sku_code for line in order.lines] == ["IPOD2008GREEN", "IPOD2008RED", "IPOD2008BLACK"]
    assert [line.refund_status for line in order.lines] == ["full", "none", "full"]
    assert order.warnings == ()
    assert order.unknown_fields == ()


def test_shopify_test_orders_are_no_sales_and_cancelled_ones_are_cancelled() -> None:
    order = read("shopify", "order-cancelled")
    assert (order.status, order.is_non_sale) == ("cancelled", True)


def test_woocommerce_order() -> None:
    order = read("woocommerce", "order-processing")
    assert (order.channel_order_no, order.status) == ("727", "to_ship")
    assert (order.amounts.goods, order.amounts.tax, order.amounts.paid) == (
        Decimal("18.00"),
        Decimal("1.35"),
        Decimal("29.35"),
    )
    assert order.lines[1].title == "Ship Your Idea – Color: Black, Size: M Test"
    assert order.lines[1].spec == "color: black, size: M Test"
    assert order.source_updated_at == datetime(2017, 3, 22, 19, 28, 8, tzinfo=UTC)
    assert order.warnings == ()


def test_woocommerce_refunds_are_negative_there_and_positive_here() -> None:
    refunded: dict[str, Any] = json.loads((FIXTURES / "woocommerce/orders-list.json").read_text())[1]
    connector = connectors()["woocommerce"]
    order = connector.normalize(parse_object(json.dumps(refunded).encode()), Settings("UTC", "USD"))
    assert (order.amounts.refunded, order.refund_status) == (Decimal("19.00"), "partial")


def test_taobao_trade() -> None:
    order = read("taobao", "trade")
    assert order.channel_order_no == "3553498017448000101"
    assert (order.amounts.goods, order.amounts.discount_seller, order.amounts.paid) == (
        Decimal("158.00"),
        Decimal("16.00"),
        Decimal("148.00"),
    )
    assert [line.paid_amount for line in order.lines] == [Decimal("103.65"), Decimal("38.35")]
    assert order.receiver.cipher_token.startswith("1TESTOAID")
    assert order.receiver.phone == "*******0001"
    assert order.source_created_at == datetime(2026, 11, 22, 1, 58, tzinfo=UTC)
    assert order.warnings == ()


def test_taobao_trade_that_does_not_add_up_is_kept_with_warnings() -> None:
    order = read("taobao", "trade-that-does-not-add-up")
    assert order.channel_order_no == "3600000000000000077"
    assert order.receiver.address == "示**路**号"
    assert set(order.warnings) == {"amounts_do_not_add_up", "lines_do_not_add_up"}


def test_taobao_messages_name_their_trade() -> None:
    connector = connectors()["taobao"]
    messages = payload("taobao/messages")["tmc_messages_consume_response"]["messages"]["tmc_message"]
    found = [connector.identify({}, json.dumps(message).encode()) for message in messages]
    assert {identity.order_id for identity in found} == {"3553498017448000101"}
    assert len({identity.delivery_key for identity in found}) == len(messages)
    assert {connector.classify(identity.topic) for identity in found} == {"hint"}


def test_a_till_sale_and_its_refund() -> None:
    sale, refund = read("generic", "pos-sale"), read("generic", "pos-refund")
    assert (sale.status, sale.take_away, sale.amounts.paid) == ("done", True, Decimal("148"))
    assert (refund.is_non_sale, refund.refund_status, refund.amounts.refunded) == (True, "full", Decimal("40"))
    assert refund.seller_note == sale.channel_order_no
    assert sale.warnings == ()


def test_a_platform_that_only_says_paid_stands_for_one_payment() -> None:
    numbers = {
        "shopify": read("shopify", "order-webhook").payments[0].payment_no,
        "woocommerce": read("woocommerce", "order-processing").payments[0].payment_no,
    }
    assert numbers == {"shopify": "platform:450789469", "woocommerce": "platform:727"}


@pytest.mark.parametrize(("status", "is_told"), [("unpaid", False), ("unheard_of", False), ("to_ship", True)])
def test_a_time_of_payment_is_told_only_where_the_status_says_paid(status: str, is_told: bool) -> None:
    payment = {"payment_no": "P1", "amount": "1", "paid_at": "2026-11-22T10:00:00Z"}
    document = {"order_no": "1", "status": status, "created_at": "2026-11-22T09:00:00Z", "payments": [payment]}
    order = connectors()["generic"].normalize(document, Settings("UTC", "CNY"))
    assert (order.source_paid_at is not None) == is_told
    assert [one.payment_no for one in order.payments] == ["P1"]


def test_the_goods_of_the_samples_are_the_same_in_fen_and_in_yuan() -> None:
    assert read("taobao", "trade").amounts.goods == read("generic", "pos-sale").amounts.goods == Decimal("158")
