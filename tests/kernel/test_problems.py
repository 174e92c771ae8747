import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from rest_framework import exceptions, serializers

from kernel import correlation, views
from kernel.errors import Forbidden, InvalidInput, Refused, TooMany
from kernel.middleware import BusinessErrorMiddleware, CorrelationMiddleware
from kernel.problems import CONTENT_TYPE, exception_handler
from tests.factories.accounts import make_user


class OrderClosed(Refused):
    code = "order_closed"
    title = "The order is closed"


def api_answer(error: Exception) -> Any:
    response = exception_handler(error, {"request": RequestFactory().get("/api/v1/orders/")})
    assert response is not None
    assert response.content_type == CONTENT_TYPE
    return response


def middleware(error: Exception, path: str = "/orders/", **headers: str) -> HttpResponse | None:
    request = RequestFactory().get(path, headers=headers)
    return BusinessErrorMiddleware(lambda request: HttpResponse()).process_exception(request, error)


def test_a_business_error_becomes_a_problem_document_with_all_its_members() -> None:
    with correlation.bound("trace-0001"):
        response = api_answer(OrderClosed("O1 is closed.", advice="Open it again.", order_no="O1"))
    assert response.status_code == 409
    assert response.data == {
        "type": "urn:oms:problem:order_closed",
        "title": "The order is closed",
        "status": 409,
        "detail": "O1 is closed.",
        "instance": "/api/v1/orders/",
        "code": "order_closed",
        "errors": [],
        "trace_id": "trace-0001",
        "advice": "Open it again.",
        "order_no": "O1",
    }


def test_data_of_an_error_cannot_take_the_place_of_the_documents_own_members() -> None:
    data = api_answer(OrderClosed("closed", status="open", code="x", trace_id="y")).data
    assert (data["status"], data["code"]) == (409, "order_closed")
    assert data["trace_id"] != "y"


def test_wrong_input_tells_path_code_and_message_of_each_finding() -> None:
    class Line(serializers.Serializer):
        qty = serializers.IntegerField(min_value=1)

    class Body(serializers.Serializer):
        name = serializers.CharField()
        lines = Line(many=True)

    body = Body(data={"lines": [{"qty": 1}, {"qty": 0}]})
    assert not body.is_valid()
    with pytest.raises(exceptions.ValidationError) as caught:
        body.is_valid(raise_exception=True)
    response = api_answer(caught.value)
    assert response.status_code == 422
    assert [(found["path"], found["code"]) for found in response.data["errors"]] == [
        ("name", "required"),
        ("lines.1.qty", "min_value"),
    ]


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Http404(), 404, "not_found"),
        (PermissionDenied(), 403, "forbidden"),
        (Forbidden(), 403, "forbidden"),
        (exceptions.NotAuthenticated(), 401, "not_authenticated"),
        (exceptions.AuthenticationFailed(), 401, "authentication_failed"),
        (exceptions.ParseError(), 400, "malformed_body"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
        (exceptions.UnsupportedMediaType("text/x"), 415, "unsupported_media_type"),
        (InvalidInput(errors=[{"path": "qty", "code": "x", "message": "y"}]), 422, "invalid_input"),
    ],
)
def test_every_error_of_the_api_has_one_form(error: Exception, status: int, code: str) -> None:
    response = api_answer(error)
    assert (response.status_code, response.data["status"], response.data["code"]) == (status, status, code)
    assert response.data["trace_id"]


@pytest.mark.parametrize("error", [TooMany(retry_after=7), exceptions.Throttled(wait=7)])
def test_too_many_requests_say_when_to_come_back(error: Exception) -> None:
    response = api_answer(error)
    assert (response.status_code, response["Retry-After"]) == (429, "7")


def test_an_error_nobody_foresaw_is_left_to_become_a_logged_500() -> None:
    assert exception_handler(ValueError(), {}) is None
    assert middleware(ValueError()) is None


@pytest.mark.parametrize(
    ("path", "accept"), [("/api/v1/x/", "*/*"), ("/hooks/shop/", "*/*"), ("/x/", "application/json")]
)
def test_machines_get_a_problem_document_from_plain_views(path: str, accept: str) -> None:
    response = middleware(OrderClosed(), path, accept=accept)
    assert response is not None
    assert (response.status_code, response["Content-Type"]) == (409, CONTENT_TYPE)
    assert json.loads(response.content)["code"] == "order_closed"


def test_htmx_gets_a_toast_and_replaces_nothing() -> None:
    response = middleware(OrderClosed("O1 is closed.", advice="Open it."), **{"HX-Request": "true", "accept": "*/*"})
    assert response is not None
    assert (response.status_code, response["HX-Reswap"]) == (409, "none")
    assert json.loads(response["HX-Trigger"]) == {"toast": {"tone": "bad", "text": "O1 is closed. Open it."}}


def test_people_get_a_page_with_reason_advice_and_trace_id(client: Any) -> None:
    with correlation.bound("trace-0001"):
        response = middleware(OrderClosed("O1 is closed.", advice="Open it again."), accept="text/html")
    assert response is not None
    page = response.content.decode()
    assert response.status_code == 409
    assert all(text in page for text in ("O1 is closed.", "Open it again.", "trace-0001"))


class TestCorrelation:
    def ask(self, **headers: str) -> tuple[str, HttpResponse]:
        seen = []

        def view(request: HttpRequest) -> HttpResponse:
            seen.append(correlation.current())
            return HttpResponse()

        response = CorrelationMiddleware(view)(RequestFactory().get("/x/", headers=headers))
        return seen[0], response

    def test_the_callers_id_is_taken_and_answered(self) -> None:
        seen, response = self.ask(**{"X-Request-Id": "caller-0001"})
        assert seen == response["X-Request-Id"] == "caller-0001"

    @pytest.mark.parametrize("offered", ["", "short", "x" * 65, "line\nbreak-xx", "<script>alert(1)"])
    def test_an_id_that_is_not_safe_to_log_is_replaced(self, offered: str) -> None:
        seen, response = self.ask(**{"X-Request-Id": offered})
        assert seen == response["X-Request-Id"] != offered
        assert len(seen) == 32

    def test_each_request_has_an_id_of_its_own_and_a_process_has_one(self) -> None:
        assert self.ask()[0] != self.ask()[0]
        assert correlation.current() == correlation.current()


@pytest.mark.parametrize(
    ("view", "status"),
    [
        (lambda request: views.bad_request(request, ValueError()), 400),
        (lambda request: views.permission_denied(request, ValueError()), 403),
        (views.csrf_failure, 403),
        (lambda request: views.page_not_found(request, ValueError()), 404),
        (views.server_error, 500),
    ],
)
def test_error_pages_carry_the_trace_id_for_people_and_machines(view: Any, status: int) -> None:
    with correlation.bound("trace-0001"):
        page = view(RequestFactory().get("/x/", headers={"accept": "text/html"}))
        document = view(RequestFactory().get("/api/v1/x/"))
    assert (page.status_code, document.status_code) == (status, status)
    assert "trace-0001" in page.content.decode()
    assert json.loads(document.content)["trace_id"] == "trace-0001"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/api/v1/stock/?sku=%00", "/orders/?q=%00", "/orders/a%00b/", "/api/v1/orders/a%00b/"]
)
def test_an_address_with_a_nul_character_is_refused_and_no_failure_of_ours(path: str, client: Client) -> None:
    client.force_login(make_user("admin"))
    assert client.get(path).status_code in (404, 422)
