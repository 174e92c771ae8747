"""Reads of the warehouse: rows for pages, locked rows for services. Everything a person sees is cut to their warehouses."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.api import User, in_scope
from inventory.api import Warehouse
from kernel import clock
from oms.orders import api as orders
from oms.orders.api import FulfilmentView
from warehouse.choices import LIVE_TASKS, PackageState, TaskState
from warehouse.contracts import ShipmentView, WaitingGroup
from warehouse.errors import TaskNotFound, WaveNotFound
from warehouse.models import Package, PickTask, Scan, Wave, Waybill

WORK = "inventory.work_in_warehouse"
FLOOR_ZONE = "Asia/Shanghai"
MOST_WAITING = 500  # as many released orders as a page or a wave looks at


@dataclass(frozen=True)
class FloorGroup:
    """The tasks at one step of the floor, the first of them, and how many there are."""

    state: str
    count: int
    tasks: list[PickTask]


# --- places ---------------------------------------------------------------------------------------------------------
def list_warehouses(user: User, perm: str = WORK) -> QuerySet[Warehouse]:
    """The warehouses in which this person may use the permission, in order of priority."""
    return in_scope(Warehouse.objects.filter(is_active=True), user, perm, "id", Warehouse)


def get_warehouse(user: User, code: str, perm: str = WORK) -> Warehouse:
    """Raises TaskNotFound also for a warehouse outside the person's scope."""
    found = list_warehouses(user, perm).filter(code=code).first()
    if found is None:
        raise TaskNotFound(f"There is no warehouse {code} for you.", warehouse=code)
    return found


# --- waves ----------------------------------------------------------------------------------------------------------
def list_waves(user: User) -> QuerySet[Wave]:
    """Waves with their counts. Each count is a subquery, so it is asked for the rows of one page only."""
    rows = in_scope(Wave.objects.all(), user, "warehouse.view_wave", "warehouse_id", Warehouse)
    return rows.select_related("warehouse", "created_by").annotate(
        task_count=_tasks_of_wave(),
        picked_count=_tasks_of_wave(~Q(state__in=(TaskState.WAITING, TaskState.PICKING))),
        shipped_count=_tasks_of_wave(Q(state=TaskState.SHIPPED)),
        stopped_count=_tasks_of_wave(~Q(stop_reasons=[]), Q(state__in=LIVE_TASKS)),
    )


def _tasks_of_wave(*where: Q) -> Coalesce:
    rows = PickTask.objects.filter(*where, wave=OuterRef("pk")).order_by().values("wave")
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


def get_wave(user: User, wave_no: str) -> Wave:
    wave = list_waves(user).filter(wave_no=wave_no).first()
    if wave is None:
        raise WaveNotFound(f"There is no wave {wave_no}.", wave_no=wave_no)
    return wave


def wave_tasks(wave: Wave) -> QuerySet[PickTask]:
    return _with_shop(wave.tasks.select_related("wave", "picker", "packer").prefetch_related("lines"))


def _with_shop(tasks: QuerySet[PickTask]) -> QuerySet[PickTask]:
    return tasks.annotate(shop_name=F("fulfilment__order__shop__name"))


def list_waiting(warehouse_code: str, limit: int = MOST_WAITING) -> list[FulfilmentView]:
    """Released, not held and in no wave yet, oldest first."""
    taken = PickTask.objects.filter(warehouse__code=warehouse_code, state=TaskState.WAITING)
    return orders.list_released_fulfilments(
        warehouse_code, limit=limit, exclude=[task.fo_no for task in taken.only("fulfilment_id")]
    )


def propose_waves(waiting: list[FulfilmentView]) -> list[WaitingGroup]:
    """Single-piece orders are picked and packed fastest by themselves: propose them apart from the others."""
    groups = []
    for size in ("single", "multi"):
        rows = [view for view in waiting if size_of(view) == size]
        paid = [view.paid_at for view in rows if view.paid_at]
        if rows:
            groups.append(WaitingGroup(size, len(rows), min(paid, default=None)))
    return groups


def size_of(view: FulfilmentView) -> str:
    return "single" if sum(line.qty for line in view.lines) == 1 else "multi"


# --- tasks ----------------------------------------------------------------------------------------------------------
def tasks_in_scope(user: User, perm: str = WORK) -> QuerySet[PickTask]:
    return in_scope(PickTask.objects.all(), user, perm, "warehouse_id", Warehouse)


def lock_task(task_uid: str, user: User, perm: str = WORK) -> PickTask:
    """The task, locked until the caller's transaction ends; always before its order. Raises TaskNotFound."""
    task = tasks_in_scope(user, perm).select_for_update().filter(uid=task_uid).first()
    if task is None:
        raise TaskNotFound("There is no such task in your warehouses.", task=str(task_uid))
    return task


def tasks_to_pick(user: User) -> QuerySet[PickTask]:
    """Mine first, then what waits, in the order of the waves."""
    mine = Q(state=TaskState.PICKING, picker=user)
    rows = tasks_in_scope(user, "warehouse.pick").filter(mine | Q(state=TaskState.WAITING))
    return _for_choosing(rows).order_by("state", "id")


def tasks_to_pack(user: User) -> QuerySet[PickTask]:
    mine = Q(state=TaskState.PACKING, packer=user)
    rows = tasks_in_scope(user, "warehouse.pack").filter(mine | Q(state=TaskState.PICKED))
    return _for_choosing(rows).order_by("state", "id")


def _for_choosing(rows: QuerySet[PickTask]) -> QuerySet[PickTask]:
    return rows.select_related("wave", "warehouse").prefetch_related("lines")


def find_task(user: User, number: str) -> PickTask | None:
    """By fulfilment order, order or tracking number; the newest where an order has several."""
    wanted = Q(fulfilment__fo_no=number) | Q(order_no=number) | Q(packages__waybill__tracking_no=number)
    return tasks_in_scope(user).filter(wanted).order_by("-id").first()


def get_task(user: User, fo_no: str) -> PickTask:
    rows = tasks_in_scope(user).select_related("wave", "warehouse", "picker", "packer").prefetch_related("lines")
    task = rows.filter(fulfilment__fo_no=fo_no).order_by("-id").first()
    if task is None:
        raise TaskNotFound(f"{fo_no} is in no wave of your warehouses.", fo_no=fo_no)
    return task


def package_of(task: PickTask) -> Package | None:
    rows = Package.objects.exclude(state=PackageState.VOID).select_related("waybill", "packed_by", "shipped_by")
    return rows.filter(task=task).prefetch_related("items").first()


def count_by_state(tasks: Iterable[PickTask]) -> dict[str, int]:
    """Every state of a task with its number, the empty ones too."""
    found = Counter(task.state for task in tasks)
    return {state.value: found[state.value] for state in TaskState}


def floor_groups(user: User, limit: int = 50) -> list[FloorGroup]:
    """Everything between wave and lorry, by step, longest waiting first."""
    rows = tasks_in_scope(user, "warehouse.view_wave").filter(state__in=LIVE_TASKS)
    counts = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    people = rows.select_related("wave", "warehouse", "picker", "packer").prefetch_related("lines")
    shown = _with_shop(people).order_by("id")
    return [
        FloorGroup(state.value, counts.get(state.value, 0), list(shown.filter(state=state)[:limit]))
        for state in LIVE_TASKS
    ]


def task_scans(task: PickTask, limit: int = 100) -> QuerySet[Scan]:
    return Scan.objects.filter(task=task).select_related("user").defer("reply")[:limit]


# --- parcels --------------------------------------------------------------------------------------------------------
def list_packages(user: User, perm: str = WORK) -> QuerySet[Package]:
    rows = Package.objects.exclude(state=PackageState.VOID).select_related("warehouse", "waybill")
    return in_scope(rows, user, perm, "warehouse_id", Warehouse)


def find_parcel(warehouse_id: int, tracking_no: str) -> Package | None:
    """The closed parcel with this tracking number, one still waiting before one that has left."""
    rows = Waybill.objects.filter(tracking_no=tracking_no, package__warehouse_id=warehouse_id)
    waybill = (
        rows.exclude(package__state=PackageState.VOID)
        .select_related("package__task")
        .order_by("package__state", "id")
        .first()
    )
    return waybill.package if waybill else None


def count_waiting_parcels(warehouse_id: int) -> int:
    return Package.objects.filter(warehouse_id=warehouse_id, state=PackageState.PACKED).count()


def count_shipped_today(warehouse_id: int, now: datetime) -> int:
    start = clock.parse(f"{clock.business_date(now, FLOOR_ZONE)} 00:00:00", FLOOR_ZONE)
    rows: QuerySet[Any] = Package.objects.filter(warehouse_id=warehouse_id, state=PackageState.SHIPPED)
    return rows.filter(shipped_at__gte=start).count()


def shipment_view(package: Package) -> ShipmentView:
    return ShipmentView(
        package_no=package.package_no,
        order_no=package.order_no,
        fo_no=package.fo_no,
        warehouse_code=package.warehouse.code,
        carrier_code=package.waybill.carrier_code,
        tracking_no=package.waybill.tracking_no,
        is_known_format=package.waybill.is_known_format,
        state=package.state,
        packed_at=package.packed_at,
        shipped_at=package.shipped_at,
    )


@dataclass(frozen=True)
class Door:
    """A warehouse's door with the parcels that wait at it."""

    warehouse: Warehouse
    waiting: int


def list_doors(user: User) -> list[Door]:
    return [Door(one, count_waiting_parcels(one.pk)) for one in list_warehouses(user, "warehouse.ship")]
