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
