from kernel.errors import Forbidden, InvalidInput, TooMany


class PermissionMissing(Forbidden):
    """The person's roles, or their shops and warehouses, do not allow it."""

    code = "permission_missing"


class KeyThrottled(TooMany):
    """An API key asked more often than its limit."""

    code = "throttled"


class AccountError(InvalidInput):
    """Something about a person cannot be as asked; `field` is the form field it belongs to."""

    code = "account_error"
    field: str | None = None


class UserNameTaken(AccountError):
    code = "username_taken"
    field = "username"


class WeakPassword(AccountError):
    code = "weak_password"
    field = "password"


class LastAdministrator(AccountError):
    """Somebody must stay who can let others in."""

    code = "last_administrator"
    field = "roles"


class UnknownPlace(AccountError):
    """A shop or warehouse code that nobody has."""

    code = "unknown_place"
