"""What the floor counts for Prometheus."""

from prometheus_client import Counter

WRONG_SCANS = Counter("oms_warehouse_wrong_scans_total", "Scans that were blocked", ["kind", "code"])
SHIPPED_PARCELS = Counter("oms_warehouse_shipped_parcels_total", "Parcels handed to a carrier", ["source"])
