"""One suite over every connector that stands in `channels_sync/connectors/`: what all of them promise.

A connector brings its own words for it in `tests/fixtures/<name>/contract.json`, and its simulator signs for it.
"""

import copy
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels_sync.connectors.base import BadSignature, Connector, Credentials, Settings
from channels_sync.connectors.reading import Malformed, parse_object
from channels_sync.connectors.registry import connectors
from channels_sync.simulator.dialect import Announcement, Dialect, SimShop
from channels_sync.simulator.orders import SimLine, SimOrder
from channels_sync.simulator.server import dialects
from kernel import clock
from oms.orders.contracts import INCOMING_STATUSES, REFUND_STATUSES

FIXTURES = Path(__file__).parent.parent / "fixtures"
NAMES = sorted(connectors())
SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
OTHER = "whsec_HxweHRwbGhkYFxYVFBMSERAPDg0MCwoJCAcGBQQDAgE="
AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
BIG = 2**53 + 1


class Kit:
    """One connector, its simulated other side, and its words."""

    def __init__(self, name: str) -> None:
        self.connector: Connector = connectors()[name]
        self.dialect: Dialect = dialects()[name]
        self.words: dict[str, Any] = json.loads((FIXTURES / name / "contract.json").read_text())
        self.shop = SimShop(code="s1", platform=name, secret=SECRET, api_key="key", api_token="token")
        self.settings = Settings(self.connector.zone, self.connector.currency)
        self.credentials = Credentials(SECRET)

    def document(self, **changes: Any) -> dict[str, Any]:
        return self.dialect.document(self.shop, an_order(**changes))

    def signed(self, body: bytes | None = None, secret: str = SECRET) -> Announcement:
        body = json.dumps(self.document()).encode() if body is None else body
        return self.dialect.sign(replace(self.shop, secret=secret), "pay", body)

    def verify(self, delivery: Announcement, credentials: Credentials | None = None, **changes: Any) -> None:
        headers = {name.lower(): value for name, value in delivery.headers.items()}
        now = changes.get("now", clock.now())
        self.connector.verify(credentials or self.credentials, headers, changes.get("body", delivery.body), now)

    def normalize(self, document: dict[str, Any]) -> Any:
        return self.connector.normalize(parse_object(json.dumps(document).encode()), self.settings)


def an_order(**changes: Any) -> SimOrder:
    lines = [
        SimLine("1001", "SKU-1", "One thing", "color:black", 2, "59.00", "10.00"),
        SimLine("1002", "SKU-2", "Another", "", 1, "40.00"),
    ]
    order = SimOrder(
        order_id=str(BIG),
        number="#1001",
        currency="CNY",
        created_at=AT - timedelta(minutes=5),
        updated_at=AT,
        buyer={"id": "77", "nick": "buyer77", "email": "buyer77@example.com", "ip": "198.51.100.7"},
        receiver={"name": "李雷", "phone": "13000000001", "country": "CN", "city": "杭州市", "address": "示例路1号"},
        lines=lines,
        shipping="6.00",
        status="to_ship",
        paid_at=AT,
        payment_no="PAY1",
    )
    return replace(order, **changes)


@pytest.fixture(params=NAMES)
def kit(request: pytest.FixtureRequest) -> Kit:
    return Kit(request.param)


# --- signatures ---
def test_a_good_signature_is_accepted(kit: Kit) -> None:
    kit.verify(kit.signed())


def test_every_changed_byte_is_refused(kit: Kit) -> None:
    delivery = kit.signed()
    for index in range(0, len(delivery.body), 7):
        changed = bytearray(delivery.body)
        changed[index] ^= 1
        with pytest.raises(BadSignature):
            kit.verify(delivery, body=bytes(changed))


def test_space_around_the_body_is_part_of_what_is_signed(kit: Kit) -> None:
    with pytest.raises(BadSignature):
        kit.verify(kit.signed(), body=kit.signed().body + b"\n")


def test_a_wrong_secret_is_refused(kit: Kit) -> None:
    with pytest.raises(BadSignature):
        kit.verify(kit.signed(secret=OTHER))


def test_missing_headers_are_refused(kit: Kit) -> None:
    with pytest.raises(BadSignature):
        kit.verify(Announcement({}, kit.signed().body))


def test_a_connection_without_a_secret_accepts_nothing(kit: Kit) -> None:
    with pytest.raises(BadSignature):
        kit.verify(kit.signed(), Credentials(""))


def test_the_previous_secret_is_good_during_rotation(kit: Kit) -> None:
    kit.verify(kit.signed(secret=OTHER), Credentials(SECRET, previous_secret=OTHER))


def test_a_signature_in_the_wrong_letters_or_script_is_refused_and_not_an_error(kit: Kit) -> None:
    headers = dict.fromkeys(kit.signed().headers, "签名")
    with pytest.raises(BadSignature):
        kit.verify(Announcement(headers, b"{}"))


def test_an_old_or_future_delivery_is_refused_where_the_protocol_has_a_window(kit: Kit) -> None:
    window = kit.words.get("replay_window_seconds")
    delivery = kit.signed()
    for sign in (-1, 1):
        late = clock.now() + timedelta(seconds=sign * ((window or 86_400) + 5))
        if window:
            with pytest.raises(BadSignature):
                kit.verify(delivery, now=late)
        else:
            kit.verify(delivery, now=late)


# --- naming a delivery ---
def test_the_same_delivery_has_the_same_name(kit: Kit) -> None:
    delivery = kit.signed()
    headers = {name.lower(): value for name, value in delivery.headers.items()}
    first = kit.connector.identify(headers, delivery.body)
    assert first == kit.connector.identify(headers, delivery.body)
    assert first.delivery_key


def test_a_body_that_is_no_json_can_still_be_named(kit: Kit) -> None:
    for body in (b"", b"{", b"[1]", b"\xff\xfe", b"null"):
        delivery = kit.signed(body)
        headers = {name.lower(): value for name, value in delivery.headers.items()}
        assert kit.connector.identify(headers, body).delivery_key


def test_a_topic_nobody_knows_is_unknown(kit: Kit) -> None:
    assert kit.connector.classify("carts/never-heard-of") == "unknown"
    assert kit.connector.classify("") == "unknown"


# --- reading an order ---
def test_an_order_is_read_in_canonical_words(kit: Kit) -> None:
    order = kit.normalize(kit.document())
    assert order.channel_order_no == str(BIG)
    assert order.status == "to_ship"
    assert order.amounts.goods == Decimal("158.00")
    assert order.amounts.paid == Decimal("154.00")
    assert order.amounts.shipping == Decimal("6.00")
    assert order.source_updated_at == AT
    assert order.source_paid_at == AT
    assert [(line.sku_code, line.qty) for line in order.lines] == [("SKU-1", 2), ("SKU-2", 1)]
    assert sum(payment.amount for payment in order.payments) == Decimal("154.00")
    assert order.receiver.mode == kit.connector.receiver_mode
    assert order.warnings == ()


@pytest.mark.parametrize(
    ("change", "status", "refund"),
    [
        ({"status": "unpaid", "paid_at": None}, "unpaid", "none"),
        ({"status": "cancelled", "paid_at": None, "cancelled_at": AT}, "cancelled", "none"),
        ({"status": "cancelled", "refund": "full", "refunded": "154.00", "cancelled_at": AT}, "cancelled", "full"),
        ({"status": "shipped", "shipped_at": AT}, "shipped", "none"),
    ],
)
def test_each_turn_of_an_orders_life_is_understood(kit: Kit, change: dict[str, Any], status: str, refund: str) -> None:
    order = kit.normalize(kit.document(**change))
    assert (order.status, order.refund_status) == (status, refund)
    assert order.status in INCOMING_STATUSES
    assert order.refund_status in REFUND_STATUSES


def test_ids_beyond_javascript_are_the_same_as_number_and_as_text(kit: Kit) -> None:
    document = kit.document()
    key = kit.words["order_id"]
    as_number = kit.normalize({**document, key: BIG}).channel_order_no
    as_text = kit.normalize({**document, key: str(BIG)}).channel_order_no
    assert as_number == as_text == str(BIG)


@pytest.mark.parametrize("sentinel", ["", "0", 0, None, "0001-01-01 00:00:00", "0000-00-00 00:00:00"])
def test_every_way_to_say_no_time_is_no_time(kit: Kit, sentinel: Any) -> None:
    document = {**kit.document(), kit.words["optional_time"]: sentinel}
    assert kit.normalize(document).channel_order_no == str(BIG)


def test_a_time_that_is_no_time_is_malformed_with_its_path(kit: Kit) -> None:
    with pytest.raises(Malformed) as caught:
        kit.normalize({**kit.document(), kit.words["created"]: "yesterday"})
    assert kit.words["created"] in caught.value.path


def test_a_status_nobody_knows_is_kept_and_warned_about(kit: Kit) -> None:
    order = kit.normalize({**kit.document(), kit.words["status"]: "HALF_TELEPORTED"})
    assert order.status == "unknown"
    assert "HALF_TELEPORTED" in order.platform_status
    assert "unknown_status" in order.warnings


def test_amounts_that_do_not_add_up_are_a_warning_never_a_refusal(kit: Kit) -> None:
    order = kit.normalize(kit.document(shipping="6.00"))
    assert not order.warnings
    document = copy.deepcopy(kit.document())
    place: Any = document
    for key in kit.words["line"]:
        place = place[key]
    place.pop()
    assert "lines_do_not_add_up" in kit.normalize(document).warnings or kit.connector.name == "woocommerce"


def test_a_field_nobody_declared_is_reported_and_harmless(kit: Kit) -> None:
    order = kit.normalize({**kit.document(), "brand_new_field": {"a": 1}})
    assert order.unknown_fields == ("brand_new_field",)


def test_the_same_telling_has_the_same_version_and_another_one_another(kit: Kit) -> None:
    document = kit.document()
    shuffled = dict(reversed(document.items()))
    assert kit.normalize(document).source_version == kit.normalize(shuffled).source_version
    changed = kit.normalize(kit.document(note="please hurry"))
    assert changed.source_version != kit.normalize(document).source_version


def test_an_order_without_its_number_is_malformed(kit: Kit) -> None:
    document = kit.document()
    for key in ("id", "tid", "tid_str", "order_no"):
        document.pop(key, None)
    with pytest.raises(Malformed):
        kit.normalize(document)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b'{"id": 1, "id": 2}', "$.id"),
        (b'{"a": {"b": [{"c": 1, "c": 1}]}}', "$.a.b[0].c"),
        (b'{"total": NaN}', "$.total"),
        (b'{"list": [1, -Infinity]}', "$.list[1]"),
        (b'{"n": ' + b"9" * 5000 + b"}", "$.n"),
        (b'{"a":' * 65 + b"1" + b"}" * 65, "$" + ".a" * 64),
        (b"[" * 100_000, "$"),
        (b"\xff", "$"),
        (b"[]", "$"),
        (b"", "$"),
    ],
)
def test_json_that_can_mean_two_things_is_refused_with_the_place(body: bytes, path: str) -> None:
    with pytest.raises(Malformed) as caught:
        parse_object(body)
    assert caught.value.path == path


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_whatever_stands_in_a_field_an_order_is_read_or_named_malformed(name: str, data: st.DataObject) -> None:
    kit = Kit(name)
    document = copy.deepcopy(kit.document())
    key = data.draw(st.sampled_from(sorted(document)))
    document[key] = data.draw(JSON)
    path = "$"
    try:
        assert kit.normalize(document).channel_order_no
    except Malformed as malformed:
        path = malformed.path
    assert path.startswith("$")
