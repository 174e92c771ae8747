"""The yardstick of the `reserve-http` row: a Django that does nothing but EVALSHA, one INSERT and its commit."""

import json
import os
from datetime import UTC, datetime, timedelta

import redis
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from oms import env

INSERT = """
WITH promise AS (
    INSERT INTO inventory_reservation
        (reservation_id, warehouse_id, state, floor, gate_epoch, gate_ticket, body_digest, expires_at)
    VALUES (%s, %s, 'held', 'sellable', %s, %s, 'bare', %s) RETURNING id
)
INSERT INTO inventory_reservationline (reservation_id, sku_id, qty)
SELECT promise.id, line.sku, line.qty FROM promise, (VALUES (%s, %s), (%s, %s), (%s, %s)) AS line (sku, qty)
"""

if not settings.configured:
    settings.configure(
        SECRET_KEY="bench",
        ROOT_URLCONF=__name__,
        ALLOWED_HOSTS=["*"],
        MIDDLEWARE=[],
        DATABASES={"default": env.database("DATABASE_URL") | {"CONN_MAX_AGE": 600}},
    )
GATE = json.loads(os.environ.get("BENCH_GATE", "{}"))
CLIENT = redis.Redis.from_url(GATE.get("url", "redis://127.0.0.1"))


def reserve(request: HttpRequest) -> HttpResponse:
    """Take, store, answer."""
    wanted = json.loads(request.body)
    flat = [part for line in wanted["lines"] for part in (line["sku"], line["qty"])]
    answer = CLIENT.evalsha(GATE["sha"], 4, *GATE["keys"], wanted["reservation_id"], "sellable", *flat)
    values = [
        wanted["reservation_id"],
        GATE["warehouse"],
        answer[1],
        answer[2],
        datetime.now(UTC) + timedelta(minutes=15),
    ]
    for line in wanted["lines"]:
        values += [GATE["skus"][line["sku"]], line["qty"]]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, values)
    headers = {"Content-Type": "application/json", "Content-Length": str(len(request.body))}
    return HttpResponse(request.body, status=201, headers=headers)


urlpatterns = [path("reserve/", reserve)]
application = get_wsgi_application()
