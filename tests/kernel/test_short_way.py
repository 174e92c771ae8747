"""The short way of machine doors: what it leaves out, and what it must not lose."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory

from channels_sync import directory, webhooks
from kernel import short_way
from tests.factories.channels import make_connection, post, signed


@pytest.mark.django_db
def test_a_webhook_keeps_its_correlation_id_and_needs_no_session(client: Client) -> None:
    directory.forget_all()
    make_connection("shopify")
    answer = post(client, signed("shopify", {"id": 1}), **{"X-Request-Id": "from-the-caller"})
    assert answer.status_code == 200
    assert answer["X-Request-Id"] == "from-the-caller"
    assert "Content-Security-Policy" not in answer
    assert not answer.cookies


def test_only_marked_views_go_the_short_way() -> None:
    assert short_way._find("/hooks/any-shop/") is not None
    assert short_way._find("/hooks/no/such/path/at/all/") is None
    assert short_way._find("/login/") is None
    assert getattr(webhooks.receive_hook, "csrf_exempt", False), "as it must be on the long way too"


def test_a_dead_connection_is_replaced_and_the_view_called_again(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    closed: list[bool] = []
    dead = SimpleNamespace(in_atomic_block=False, close=lambda: closed.append(True))
    monkeypatch.setattr(short_way, "connection", dead)

    @short_way.short_way
    def view(request: Any) -> HttpResponse:
        calls.append(1)
        if len(calls) == 1:
            raise OperationalError("server closed the connection unexpectedly")
        return HttpResponse(b"ok")

    assert view(RequestFactory().post("/")).content == b"ok"
    assert (len(calls), closed) == (2, [True])
