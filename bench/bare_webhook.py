"""The yardstick of the `webhook` row: a Django that does nothing but HMAC, one INSERT and its commit.

No middleware, no model, one table: what is left is the price of Django, the server, PostgreSQL and the bytes.
"""

import hashlib
import hmac

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from oms import env

SECRET = b"bench-secret"
CREATE = """
CREATE TABLE IF NOT EXISTS bench_webhook (
    id bigserial PRIMARY KEY, key text NOT NULL UNIQUE, body bytea NOT NULL, received_at timestamptz DEFAULT now()
)
"""
INSERT = "INSERT INTO bench_webhook (key, body) VALUES (%s, %s) ON CONFLICT (key) DO NOTHING"

if not settings.configured:
    settings.configure(
        SECRET_KEY="bench",
        ROOT_URLCONF=__name__,
        ALLOWED_HOSTS=["*"],
        MIDDLEWARE=[],
        DATABASES={"default": env.database("DATABASE_URL") | {"CONN_MAX_AGE": 600}},
    )


def receive(request: HttpRequest) -> HttpResponse:
    """Check, store, answer."""
    body = request.body
    expected = hmac.digest(SECRET, body, hashlib.sha256).hex()
    if not hmac.compare_digest(expected, request.headers.get("X-Signature", "")):
        return HttpResponse(status=401)
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [request.headers["X-Key"], body])
    return HttpResponse(b"{}", headers={"Content-Type": "application/json", "Content-Length": "2"})


urlpatterns = [path("hook/", receive)]
application = get_wsgi_application()
