"""The way of one fulfilment order over the floor, and of a wave and a parcel, as data. Read this first.

waiting → picking → picked → packing → packed → shipped; a picker may put a task back, a packer may leave the desk.
Called off from any live state. `report_shipped` is for an external warehouse that tells us only the end.
"""

from kernel.states import Machine, Transition
from warehouse.choices import LIVE_TASKS, PackageState, TaskState, WaveState

T = TaskState

TASK = Machine(
    field="state",
    transitions=(
        Transition("claim_pick", (T.WAITING,), T.PICKING, permission="warehouse.pick", effects=("order_picking",)),
        Transition("put_back", (T.PICKING,), T.WAITING),
        Transition("finish_pick", (T.PICKING,), T.PICKED, effects=("order_picked",)),
        Transition("claim_pack", (T.PICKED,), T.PACKING, permission="warehouse.pack"),
        Transition("leave_desk", (T.PACKING,), T.PICKED),
        Transition("seal", (T.PACKING,), T.PACKED, effects=("package", "waybill", "order_packed")),
        Transition(
            "ship", (T.PACKED,), T.SHIPPED, permission="warehouse.ship", effects=("stock_off_shelf", "order_shipped")
        ),
        Transition("report_shipped", LIVE_TASKS, T.SHIPPED, effects=("stock_off_shelf", "order_shipped")),
        Transition("call_off", LIVE_TASKS, T.CANCELLED, effects=("package_void",)),
    ),
)

WAVE = Machine(
    field="state",
    transitions=(
        Transition("start", (WaveState.OPEN,), WaveState.PICKING),
        Transition("finish", (WaveState.OPEN, WaveState.PICKING), WaveState.DONE),
    ),
)

PACKAGE = Machine(
    field="state",
    transitions=(
        Transition("ship", (PackageState.PACKED,), PackageState.SHIPPED),
        Transition("unpack", (PackageState.PACKED,), PackageState.VOID),
    ),
)
