from collections import defaultdict
from dataclasses import asdict
from math import inf

from django.db import transaction

from accounts.api import User, audit
from inventory import api as inventory
from inventory.api import SkuInfo, Warehouse
from kernel import clock
from oms.orders.api import FulfilmentView
from warehouse import selectors
from warehouse.contracts import WaveCreated, WaveFilters
from warehouse.errors import NothingToPick
from warehouse.models import PickLine, PickTask, Wave
from warehouse.services.numbers import next_number

MOST_TASKS = 200


def create_wave(
    *, warehouse: Warehouse, actor: User | None, limit: int = 30, filters: WaveFilters | None = None
) -> WaveCreated:
    """Send waiting fulfilment orders to the floor together, a pick task each, oldest first.

    Two people at once never get the same order: the task's unique key decides, and each wave keeps what it won.
    Raises NothingToPick.
    """
    wanted = filters or WaveFilters()
    with transaction.atomic():
        chosen = [view for view in selectors.list_waiting(warehouse.code) if _fits(view, wanted)]
        chosen = chosen[: min(limit, MOST_TASKS)]
        if not chosen:
            raise NothingToPick("No released order is waiting that fits.", warehouse=warehouse.code)
        wave = Wave.objects.create(
            wave_no=next_number("W"),
            warehouse=warehouse,
            filters=asdict(wanted),
            created_by=actor,
            created_at=clock.now(),
        )
        tasks = _add_tasks(wave, chosen)
        if not tasks:
            raise NothingToPick("Somebody else has just sent these orders to the floor.", warehouse=warehouse.code)
        _add_lines(warehouse.code, tasks, {view.fo_no: view for view in chosen})
        audit.record(
            actor or "system",
            "wave.created",
            "warehouse.wave",
            wave.wave_no,
            after={"warehouse": warehouse.code, "tasks": len(tasks), "filters": wave.filters},
        )
        return WaveCreated(wave.wave_no, len(tasks))


def _fits(view: FulfilmentView, wanted: WaveFilters) -> bool:
    return (
        (not wanted.size or selectors.size_of(view) == wanted.size)
        and (not wanted.shop_code or view.shop_code == wanted.shop_code)
        and (not wanted.region or view.receiver_region.startswith(wanted.region))
    )


def _add_tasks(wave: Wave, chosen: list[FulfilmentView]) -> list[PickTask]:
    PickTask.objects.bulk_create(
        (
            PickTask(
                wave=wave,
                warehouse_id=wave.warehouse_id,
                fulfilment_id=view.fo_no,
                order_no=view.order_no,
                shop_code=view.shop_code,
                receiver_region=view.receiver_region[:120],
                paid_at=view.paid_at,
                created_at=wave.created_at,
            )
            for view in chosen
        ),
        ignore_conflicts=True,
    )
    return list(wave.tasks.all())


def _add_lines(warehouse_code: str, tasks: list[PickTask], views: dict[str, FulfilmentView]) -> None:
    """Each task's stops in walking order, several order lines of one SKU as one stop."""
    codes = {line.sku_code for view in views.values() for line in view.lines}
    skus = inventory.resolve_skus(codes)
    places = _pick_places(warehouse_code, skus)
    lines = []
    for task in tasks:
        stops: dict[str, int] = defaultdict(int)
        names = {line.sku_code: line.sku_name for line in views[task.fo_no].lines}
        for line in views[task.fo_no].lines:
            stops[line.sku_code] += line.qty
        walk = sorted(stops, key=lambda code: (*places[code], code))
        lines += [
            PickLine(
                task=task,
                line_no=number,
                sku_code=code,
                sku_name=names[code],
                location_code=places[code][1],
                barcodes=list(skus[code].barcodes),
                qty=stops[code],
            )
            for number, code in enumerate(walk, start=1)
        ]
    PickLine.objects.bulk_create(lines)


def _pick_places(warehouse_code: str, skus: dict[str, SkuInfo]) -> dict[str, tuple[float, str]]:
    """(walk order, location code) of each SKU; one without a place comes last."""
    places = inventory.locations_for(warehouse_code, [sku.id for sku in skus.values()])
    return {
        code: (place.walk_order, place.location_code) if (place := places.get(sku.id)) else (inf, "")
        for code, sku in skus.items()
    }
