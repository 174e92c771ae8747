"""What other rooms refuse, in the picker's words."""

from kernel.errors import BusinessError
from kernel.shell import look
from oms.orders import api as orders
from warehouse.errors import ParcelAlreadyShipped, TrackingNumberTaken
from warehouse.scan import messages as say
from warehouse.scan.messages import Said, Sentence

PLAIN: dict[type[BusinessError], Sentence] = {
    orders.FulfilmentNotLive: say.CALLED_OFF,
    ParcelAlreadyShipped: say.ALREADY_SHIPPED,
    TrackingNumberTaken: say.NUMBER_TAKEN,
}


def said_of(refused: BusinessError) -> Said:
    if isinstance(refused, orders.OrderOnHold):
        return say.ON_HOLD(reasons=hold_words(refused.data.get("reasons", ())))
    sentence = PLAIN.get(type(refused))
    return sentence() if sentence else say.REFUSED(why=refused.detail)


def hold_words(codes: list[str] | tuple[str, ...]) -> str:
    """The reasons of a hold as the order centre words them."""
    return ", ".join(str(look("hold", code).word) for code in codes)
