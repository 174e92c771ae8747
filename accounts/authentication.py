from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.keyring import Caller, authenticate_key
from accounts.models import User


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer oms_<prefix>_<secret>`; request.user is the service person behind the key."""

    def authenticate(self, request: Request) -> tuple[User, Caller] | None:
        header = request.headers.get("Authorization", "")
        if not header:
            return None
        caller = authenticate_key(header)
        if caller is None:
            raise AuthenticationFailed("The API key is unknown, expired or revoked.")
        return caller.user, caller

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class ApiKeyScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document says that a key is sent."""

    target_class = ApiKeyAuthentication
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "A key from `manage.py create_api_key` or the page."}
