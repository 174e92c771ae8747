from reconciliation.models.account import PaymentAccount
from reconciliation.models.difference import Difference
from reconciliation.models.matching import Match, MatchChunk
from reconciliation.models.statement import RowError, Statement, StatementFile, StatementLine

__all__ = [
    "Difference",
    "Match",
    "MatchChunk",
    "PaymentAccount",
    "RowError",
    "Statement",
    "StatementFile",
    "StatementLine",
]
