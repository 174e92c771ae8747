from kernel.errors import Forbidden, InvalidInput, TooMany


class PermissionMissing(Forbidden):
    """The person's roles, or their shops and warehouses, do not allow it."""

    code = "permission_missing"


class KeyThrottled(TooMany):
    """An API key asked more often than its limit."""

    code = "throttled"


class UserNameTaken(InvalidInput):
    code = "username_taken"


class LastAdministrator(InvalidInput):
    """Somebody must stay who can let others in."""

    code = "last_administrator"
