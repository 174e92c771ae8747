"""What the channels refuse, named for the fact."""

from kernel.errors import InvalidInput, NotFound


class PlatformUnknown(InvalidInput):
    code = "platform_unknown"
    title = "No connector of this name is installed"


class ConnectionNotFound(NotFound):
    code = "connection_not_found"
    title = "This shop is not connected"


class DeliveryNotFound(NotFound):
    code = "delivery_not_found"
    title = "There is no such delivery"
