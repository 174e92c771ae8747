"""The demo's warehouse at work: waves, a picker and a packer who scan what their screens ask for, parcels that leave."""

from datetime import datetime, timedelta
from uuid import uuid4

from accounts.api import User
from inventory.api import Warehouse
from kernel import clock
from warehouse import api as warehouse
from warehouse.api import PickTask, ScanInput

DONE, STOPPED = "done", "stopped"


class Floor:
    def __init__(self, people: dict[str, User], until: datetime) -> None:
        self.picker = people["picker"]
        self.lead = people["warehouse_lead"]
        self.until = until
        self.parcels = 0

    def work(self) -> None:
        """Shanghai ships part of its first wave; Guangzhou has begun; Beijing has not."""
        self._wave("WH-SH", minutes=50, tasks=14, picked=9, packed=7, shipped=5, worker=self.picker)
        self._wave("WH-GZ", minutes=30, tasks=6, picked=2, packed=1, shipped=0, worker=self.lead)

    def _wave(
        self, code: str, *, minutes: int, tasks: int, picked: int, packed: int, shipped: int, worker: User
    ) -> None:
        place = Warehouse.objects.get(code=code)
        with clock.at(self.until - timedelta(minutes=minutes)):
            try:
                wave = warehouse.create_wave(warehouse=place, actor=self.lead, limit=tasks)
            except warehouse.NothingToPick:  # a small demo may have nothing for every warehouse
                return
        made = list(PickTask.objects.filter(wave__wave_no=wave.wave_no).order_by("id"))
        for number, task in enumerate(made[:picked]):
            with clock.at(self.until - timedelta(minutes=minutes - 5 - number * 2)):
                self._pick(task, worker)
                if number < packed:
                    tracking_no = self._pack(task, worker)
                if number < shipped:
                    warehouse.scan_parcel(warehouse_id=place.pk, scan=_scan(tracking_no), actor=worker)
        if len(made) > picked:
            with clock.at(self.until - timedelta(minutes=4)):
                warehouse.claim_pick(task_uid=str(made[picked].uid), actor=worker)

    def _pick(self, task: PickTask, worker: User) -> None:
        """Scan what the screen asks for, an article once for each piece, until the screen says done."""
        warehouse.claim_pick(task_uid=str(task.uid), actor=worker)
        reply = warehouse.open_task(task_uid=str(task.uid), actor=worker)
        article = ""
        while reply.screen not in (DONE, STOPPED):
            article = reply.expects.value if reply.screen == "item" else article
            wanted = article if reply.screen == "quantity" else reply.expects.value
            reply = warehouse.scan_task(task_uid=str(task.uid), scan=_scan(wanted), actor=worker)

    def _pack(self, task: PickTask, worker: User) -> str:
        """Every piece once more, then the waybill."""
        warehouse.claim_pack(task_uid=str(task.uid), actor=worker)
        warehouse.open_task(task_uid=str(task.uid), actor=worker)
        self.parcels += 1
        tracking_no = f"SF16{self.parcels:011d}"
        pieces = [line.sku_code for line in task.lines.all() for _ in range(line.qty)]
        for code in [*pieces, tracking_no]:
            warehouse.scan_task(task_uid=str(task.uid), scan=_scan(code), actor=worker)
        return tracking_no


def _scan(value: str) -> ScanInput:
    return ScanInput(str(uuid4()), value)
