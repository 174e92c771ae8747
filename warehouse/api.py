"""The one door to the warehouse for the apps above it."""

from warehouse.carrier_book import carrier_name, carriers
from warehouse.contracts import ShipmentView, WaveCreated, WaveFilters
from warehouse.errors import NothingToPick, ParcelAlreadyShipped, TaskTaken, TrackingNumberTaken
from warehouse.models import Package, PickTask, Scan, Wave
from warehouse.scan.scenario import ScanInput
from warehouse.selectors import list_packages, list_waiting, shipment_view, tasks_in_scope
from warehouse.services.claim import claim_pack, claim_pick, leave_task
from warehouse.services.create_wave import create_wave
from warehouse.services.report_shipped import report_shipped
from warehouse.services.scan_parcel import scan_parcel
from warehouse.services.scan_task import open_task, scan_task

__all__ = [
    "NothingToPick",
    "Package",
    "ParcelAlreadyShipped",
    "PickTask",
    "Scan",
    "ScanInput",
    "ShipmentView",
    "TaskTaken",
    "TrackingNumberTaken",
    "Wave",
    "WaveCreated",
    "WaveFilters",
    "carrier_name",
    "carriers",
    "claim_pack",
    "claim_pick",
    "create_wave",
    "leave_task",
    "list_packages",
    "list_waiting",
    "open_task",
    "report_shipped",
    "scan_parcel",
    "scan_task",
    "shipment_view",
    "tasks_in_scope",
]
