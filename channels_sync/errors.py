"""What the channels refuse, named for the fact."""

from kernel.errors import InvalidInput, NotFound, Refused


class PlatformUnknown(InvalidInput):
    code = "platform_unknown"
    title = "No connector of this name is installed"


class ConnectionNotFound(NotFound):
    code = "connection_not_found"
    title = "This shop is not connected"


class DeliveryNotFound(NotFound):
    code = "delivery_not_found"
    title = "There is no such delivery"


class StatementNotOffered(Refused):
    code = "statement_not_offered"
    title = "This platform does not hand statements to machines"
