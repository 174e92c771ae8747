"""The one door of reconciliation."""

from reconciliation.contracts import ImportResult, MatchSummary, OpenDifferences
from reconciliation.errors import AccountNotFound, StatementRejected
from reconciliation.models import Difference, PaymentAccount, Statement
from reconciliation.selectors import list_differences, list_statements, open_differences
from reconciliation.services.accounts import create_account
from reconciliation.services.import_statement import import_statement
from reconciliation.services.match_statement import match_now
from reconciliation.services.recheck_differences import recheck_differences
from reconciliation.services.resolve_difference import resolve_difference

__all__ = [
    "AccountNotFound",
    "Difference",
    "ImportResult",
    "MatchSummary",
    "OpenDifferences",
    "PaymentAccount",
    "Statement",
    "StatementRejected",
    "create_account",
    "import_statement",
    "list_differences",
    "list_statements",
    "match_now",
    "open_differences",
    "recheck_differences",
    "resolve_difference",
]
