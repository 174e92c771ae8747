from kernel.errors import InvalidInput, NotFound, Refused


class WaveNotFound(NotFound):
    code = "wave_not_found"
    title = "No such wave"


class TaskNotFound(NotFound):
    code = "pick_task_not_found"
    title = "No such task"


class NothingToPick(Refused):
    """No released fulfilment order fits: all are in a wave already, on hold, or none matches the filters."""

    code = "nothing_to_pick"
    title = "No order is waiting for a wave"


class TaskTaken(Refused):
    """Somebody else was faster."""

    code = "task_taken"
    title = "Somebody else has taken this task"


class TaskNotReady(Refused):
    code = "task_not_ready"
    title = "The task is not at this step"


class TrackingNumberTaken(Refused):
    """The tracking number already stands on another parcel of this carrier."""

    code = "tracking_number_taken"
    title = "This tracking number is on another parcel"


class ParcelAlreadyShipped(Refused):
    code = "parcel_already_shipped"
    title = "This parcel has been shipped already"


class UnknownCarrier(InvalidInput):
    code = "unknown_carrier"
    title = "No such carrier"
