"""The TOP gateway: every call is one signed form, and a failure is an answer 200 with an `error_response`.

A window of changes is read from its last page to its first: a trade that changes meanwhile moves to the front, so none
is skipped.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import orjson

from channels_sync.connectors.base import (
    CallFailed,
    Credentials,
    ErrorClass,
    ListedOrder,
    PushOutcome,
    QueueMessage,
    Settings,
    Shipment,
)
from channels_sync.connectors.calling import answer, call
from channels_sync.connectors.carriers import top_code
from channels_sync.connectors.taobao.fields import ASKED
from channels_sync.connectors.taobao.signing import ZONE, sign
from kernel import clock

GATEWAY = "router/rest"
PAGE_SIZE = 50
WINDOW = timedelta(minutes=30)
ERROR_CLASSES: dict[int, ErrorClass] = {7: "rate_limit", 25: "auth", 26: "auth", 27: "auth", 28: "auth", 29: "auth"}


class TaobaoClient:
    def __init__(self, http: httpx.Client, credentials: Credentials, settings: Settings) -> None:
        self.http = http
        self.credentials = credentials
        self.sign_method = settings.options.get("sign_method") or "hmac-sha256"
        self.group = settings.options.get("group_name") or "default"

    def fetch_order(self, order_id: str) -> bytes:
        return self._send("taobao.trade.fullinfo.get", tid=order_id, fields=ASKED).content

    def list_orders(self, since: datetime, until: datetime) -> Iterator[ListedOrder]:
        start = since
        while start < until:
            end = min(start + WINDOW, until)
            yield from self._changed(start, end)
            start = end

    def push_shipment(self, shipment: Shipment) -> PushOutcome:
        lines = {}
        if not shipment.is_whole_order:
            lines = {"is_split": "1", "sub_tid": ",".join(line.channel_line_id for line in shipment.lines)}
        answered = self._call(
            "taobao.logistics.offline.send",
            tid=shipment.channel_order_no,
            out_sid=shipment.tracking_no,
            company_code=top_code(shipment.carrier_code),
            **lines,
        )
        if answered.get("shipping", {}).get("is_success") is not True:
            raise CallFailed("business", "not_shipped", "the platform did not take the shipment")
        return PushOutcome(shipment.tracking_no)

    def find_shipment(self, shipment: Shipment) -> PushOutcome | None:
        fields = "tid,status,orders.oid,orders.invoice_no,orders.logistics_company"
        answered = self._call("taobao.trade.fullinfo.get", tid=shipment.channel_order_no, fields=fields)
        orders = answered.get("trade", {}).get("orders", {}).get("order", [])
        is_known = any(order.get("invoice_no") == shipment.tracking_no for order in orders)
        return PushOutcome(shipment.tracking_no, was_known=True) if is_known else None

    def consume_messages(self, limit: int) -> Sequence[QueueMessage]:
        answered = self._call("taobao.tmc.messages.consume", quantity=str(limit), group_name=self.group)
        messages = (answered.get("messages") or {}).get("tmc_message") or []
        return [QueueMessage(str(message["id"]), orjson.dumps(message)) for message in messages]

    def confirm_messages(self, message_ids: Sequence[str]) -> None:
        self._call("taobao.tmc.messages.confirm", s_message_ids=",".join(message_ids), group_name=self.group)

    def _changed(self, start: datetime, end: datetime) -> Iterator[ListedOrder]:
        window = {
            "fields": "tid,tid_str,modified,status",
            "start_modified": _beijing(start),
            # Whole seconds: the last one belongs to the window.
            "end_modified": _beijing(end + timedelta(seconds=1)),
        }
        method = "taobao.trades.sold.increment.get"
        first = self._call(method, **window, page_no="1", page_size=str(PAGE_SIZE), use_has_next="false")
        pages = -(-int(first.get("total_results", 0)) // PAGE_SIZE)
        for page in range(pages, 0, -1):
            answered = self._call(method, **window, page_no=str(page), page_size=str(PAGE_SIZE), use_has_next="false")
            for trade in (answered.get("trades") or {}).get("trade") or []:
                version = f"{trade.get('modified', '')}:{trade.get('status', '')}"
                yield ListedOrder(str(trade.get("tid_str") or trade["tid"]), version)

    def _call(self, method: str, **params: str) -> dict[str, Any]:
        answered = answer(self._send(method, **params))
        inner = answered.get(method.removeprefix("taobao.").replace(".", "_") + "_response")
        if not isinstance(inner, dict):
            raise CallFailed("schema", "unreadable_answer", f"no answer to {method}", is_outcome_known=False)
        return inner

    def _send(self, method: str, **params: str) -> httpx.Response:
        form = {
            "method": method,
            "app_key": self.credentials.api_key,
            "session": self.credentials.api_token,
            "timestamp": _beijing(clock.now()),
            "format": "json",
            "v": "2.0",
            "sign_method": self.sign_method,
            **params,
        }
        form["sign"] = sign(self.credentials.secret, form, self.sign_method)
        response = call(self.http, "POST", GATEWAY, data=form)
        _raise_error(answer(response))
        return response


def _raise_error(answered: Any) -> None:
    if not isinstance(answered, dict):
        raise CallFailed("schema", "unreadable_answer", "an object is expected", is_outcome_known=False)
    error = answered.get("error_response")
    if not isinstance(error, dict):
        return
    code, sub_code = int(error.get("code") or 0), str(error.get("sub_code") or "")
    default: ErrorClass = "server" if sub_code.startswith("isp.") else "business"
    error_class = ERROR_CLASSES.get(code, default)
    detail = f"{error.get('msg', '')} {sub_code} {error.get('sub_msg', '')}".strip()
    raise CallFailed(error_class, sub_code or f"top_{code}", detail, is_outcome_known=error_class != "server")


def _beijing(at: datetime) -> str:
    return at.astimezone(ZoneInfo(ZONE)).strftime("%Y-%m-%d %H:%M:%S")
