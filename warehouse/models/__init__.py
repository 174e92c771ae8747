from warehouse.models.package import Package, PackageItem, Waybill
from warehouse.models.scan import Scan
from warehouse.models.wave import PickLine, PickTask, Wave

__all__ = ["Package", "PackageItem", "PickLine", "PickTask", "Scan", "Wave", "Waybill"]
