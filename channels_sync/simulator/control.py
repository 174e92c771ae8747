"""Switches of the simulated platform, for tests and the demo: connect a shop, let a buyer buy, make things go wrong."""

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from channels_sync.simulator.dialect import EVENTS, Request, Response, SimShop, json_response
from channels_sync.simulator.faults import Fault
from channels_sync.simulator.orders import to_document

if TYPE_CHECKING:
    from channels_sync.simulator.server import Platform


def respond(platform: "Platform", request: Request) -> Response:
    try:
        return _respond(platform, request)
    except (KeyError, TypeError, ValueError) as error:
        return json_response({"error": f"{type(error).__name__}: {error}"}, 422)


def _respond(platform: "Platform", request: Request) -> Response:
    body = request.json()
    answer: dict[str, Any] = {}
    status = 200
    match request.method, *request.parts:
        case "POST", "shops":
            platform.book.connect(SimShop(**_known(SimShop, body)))
        case "POST", "faults":
            fault = Fault(**_known(Fault, body))
            platform.faults.add(body["shop"], fault, int(body.get("times", 1)))
        case "DELETE", "faults", shop:
            platform.faults.clear(shop)
        case "POST", "orders", shop:
            answer, status = to_document(platform.life.place(_shop(platform, shop), **body)), 201
        case "GET", "orders", shop, order_id:
            found = platform.book.order(shop, order_id)
            answer, status = (to_document(found), 200) if found else ({}, 404)
        case "POST", "orders", shop, order_id, event if event in EVENTS:
            answer = {"status": platform.life.happen(shop, order_id, event)}
        case _:
            answer, status = {"error": "unknown switch"}, 404
    return json_response(answer, status)


def _shop(platform: "Platform", code: str) -> SimShop:
    shop = platform.book.shop(code)
    if shop is None:
        raise KeyError(code)
    return shop


def _known(kind: type, body: dict[str, Any]) -> dict[str, Any]:
    names = {field.name for field in fields(kind)}
    return {name: value for name, value in body.items() if name in names}
