"""The yardstick of the `scan` row: a Django that does nothing but one SELECT and one UPDATE of the row, and their commit.

No middleware, no model, no session, no check, no record of the scan: what is left is the price of Django, the server and
PostgreSQL.
"""

import json

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from oms import env

CREATE = """
CREATE TABLE IF NOT EXISTS bench_scan (id bigint PRIMARY KEY, sku text NOT NULL, picked_qty bigint NOT NULL DEFAULT 0);
INSERT INTO bench_scan SELECT n, 'BENCH-SCAN' FROM generate_series(0, 99) n ON CONFLICT DO NOTHING
"""
DROP = "DROP TABLE IF EXISTS bench_scan"
SELECT = "SELECT sku, picked_qty FROM bench_scan WHERE id = %s FOR UPDATE"
UPDATE = "UPDATE bench_scan SET picked_qty = picked_qty + 1 WHERE id = %s"

if not settings.configured:
    settings.configure(
        SECRET_KEY="bench",
        ROOT_URLCONF=__name__,
        ALLOWED_HOSTS=["*"],
        MIDDLEWARE=[],
        DATABASES={"default": env.database("DATABASE_URL") | {"CONN_MAX_AGE": 600}},
    )


def scan(request: HttpRequest, task: int) -> HttpResponse:
    """Read, compare, count."""
    body = json.loads(request.body)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SELECT, [task])
        sku, picked = cursor.fetchone()
        if sku == body["value"]:
            cursor.execute(UPDATE, [task])
    return JsonResponse({"ok": sku == body["value"], "picked": picked + 1})


urlpatterns = [path("scan/<int:task>/", scan)]
application = get_wsgi_application()
