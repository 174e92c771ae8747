"""The API is what its OpenAPI document says, for any input that schemathesis thinks of, on the real database."""

import os

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis import Case

from oms.wsgi import application
from tests.factories.accounts import make_key
from tests.factories.orders import incoming, make_shop, receive, stocked

# Without the variable the same short series each time; with it a longer one that differs from run to run.
EXAMPLES = int(os.environ.get("OMS_API_EXAMPLES", "15"))
IS_SHORT = "OMS_API_EXAMPLES" not in os.environ


@pytest.fixture
def one_connection(db):
    """Requests through WSGI close the connection when they end; here it is the test's own, with its open transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def house(one_connection):
    """A shop with stock and orders in it, so that lists have rows and some numbers are real."""
    shop = make_shop()
    stocked("TEE-L")
    receive(shop)
    receive(shop, incoming(status="unpaid"))
    return shop


@pytest.fixture
def key(house):
    return make_key("admin")


# 422 is an answer to well-formed input too: a cursor of another list, an account that is not there.
CONFIG = schemathesis.Config.from_dict(
    {"checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "401", "403", "404", "409", "422"]}}}
)
api = schemathesis.openapi.from_wsgi("/api/schema/?format=json", application, config=CONFIG)


@api.parametrize()
@settings(max_examples=EXAMPLES, derandomize=IS_SHORT, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_operation_keeps_to_its_document(case: Case, key: str):
    case.call_and_validate(headers={"Authorization": key})


@pytest.mark.parametrize("role", ["finance", "integration"])
def test_answers_keep_to_the_document_also_where_fields_are_hidden_or_masked(house, role):
    case = api["/api/v1/orders/"]["GET"].Case()
    answer = case.call_and_validate(headers={"Authorization": make_key(role, shops=[house])})
    assert len(answer.json()["results"]) == 2
