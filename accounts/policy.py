from accounts.field_policy import Field

FIELDS = {
    "accounts.user.email": Field("email", "hidden", {"admin": "clear"}),
    "accounts.auditentry.ip": Field("ip", "hidden", {"admin": "clear"}),
}
