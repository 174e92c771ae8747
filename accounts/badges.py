from django.utils.translation import gettext_lazy as _

from kernel.shell import Look

# The acts that the audit log tells, whichever app did them: one vocabulary, so that the log reads as one.
BADGES = {
    "audit": {
        "session.opened": Look(_("Logged in"), "neutral", "login-2"),
        "session.closed": Look(_("Logged out"), "neutral", "logout"),
        "session.refused": Look(_("Wrong password"), "warn", "lock-question"),
        "session.locked": Look(_("Locked out"), "bad", "lock"),
        "access.refused": Look(_("Access refused"), "bad", "hand-stop"),
        "person.created": Look(_("Person added"), "info", "user-plus"),
        "person.roles": Look(_("Roles changed"), "info", "user-cog"),
        "person.team": Look(_("Team changed"), "info", "users-group"),
        "person.reach": Look(_("Reach changed"), "info", "building-store"),
        "person.enabled": Look(_("Log-in enabled"), "good", "user-check"),
        "person.disabled": Look(_("Log-in disabled"), "warn", "user-off"),
        "person.password_set": Look(_("Password set"), "info", "password"),
        "person.password_changed": Look(_("Own password changed"), "neutral", "password"),
        "api_key.created": Look(_("API key made"), "info", "key"),
        "api_key.revoked": Look(_("API key closed"), "warn", "key-off"),
        "audit.exported": Look(_("Audit log exported"), "info", "download"),
    }
}
