from accounts.models.audit import AuditEntry
from accounts.models.keys import ApiKey
from accounts.models.people import Team, User

__all__ = ["ApiKey", "AuditEntry", "Team", "User"]
