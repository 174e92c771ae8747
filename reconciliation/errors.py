from kernel.errors import Forbidden, InvalidInput, NotFound, Refused


class AccountNotFound(NotFound):
    code = "payment_account_not_found"
    title = "There is no such payment account"


class StatementNotFound(NotFound):
    code = "statement_not_found"


class DifferenceNotFound(NotFound):
    code = "difference_not_found"


class UnknownFormat(InvalidInput):
    """The file's headers are those of no format that is known here, or not of the one that was named."""

    code = "statement_format_unknown"
    title = "The file is not a statement in a known format"


class OtherAccountKind(InvalidInput):
    """The file is a statement, but of another kind of account than the one it was brought for."""

    code = "statement_of_another_account"
    title = "The statement is not for this account"


class FileUnreadable(InvalidInput):
    code = "statement_unreadable"
    title = "The file cannot be read as text"


class FileTooLarge(InvalidInput):
    code = "statement_too_large"
    title = "The file is too large"


class StatementRejected(InvalidInput):
    """Nothing of the file was taken over: rows cannot be read, or its own totals do not add up."""

    code = "statement_rejected"
    title = "The statement was not imported"


class DifferenceClosed(Refused):
    """Somebody, or later news, closed the difference already."""

    code = "difference_closed"
    title = "The difference is not open any more"


class ReasonMissing(InvalidInput):
    code = "reason_missing"
    title = "A reason is needed"


class PaymentRefused(Forbidden):
    code = "payment_refused"
