"""What accounts listens to: a change of roles is a change of rights."""

from django.contrib.auth.models import Group
from django.db.models.signals import m2m_changed

from accounts.models import User
from accounts.rights import forget_rights

for through in (User.groups.through, User.user_permissions.through, Group.permissions.through):
    m2m_changed.connect(forget_rights, sender=through, dispatch_uid=f"forget {through.__name__}")
