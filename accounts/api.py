"""The one door of accounts: who somebody is, what they may do, where, and what they see."""

from accounts import audit
from accounts.access import access, can, person, present, require, role_names, signed_in
from accounts.errors import KeyThrottled, PermissionMissing
from accounts.exports import Column, export_csv
from accounts.field_policy import Access, Field, Shown
from accounts.keyring import Caller, authenticate_key
from accounts.masking import scrub
from accounts.models import User
from accounts.rest import MaskedField
from accounts.roles import ROLES
from accounts.scope import ALL, Scope, grant, ids_in_scope, in_scope, revoke

__all__ = [
    "ALL",
    "ROLES",
    "Access",
    "Caller",
    "Column",
    "Field",
    "KeyThrottled",
    "MaskedField",
    "PermissionMissing",
    "Scope",
    "Shown",
    "User",
    "access",
    "audit",
    "authenticate_key",
    "can",
    "export_csv",
    "grant",
    "ids_in_scope",
    "in_scope",
    "person",
    "present",
    "require",
    "revoke",
    "role_names",
    "scrub",
    "signed_in",
]
