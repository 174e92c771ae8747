"""What the clock starts for stock. (Nothing lies below that inventory would listen to.)"""

from inventory.services.audit import audit_stock
from inventory.services.reap import REAP_EVERY
from inventory.services.settle import expire_due
from inventory.services.tend import reap_stock, tend_stock
from inventory.watch import look_at_gates
from kernel.health import register_check
from kernel.sweeps import register_sweep

register_sweep("stock_fold", 0.5, tend_stock)
register_sweep("stock_expiry", 1, expire_due)
register_sweep("stock_reap", REAP_EVERY, reap_stock)
register_sweep("stock_audit", 300, audit_stock)
register_check("stock_gate", look_at_gates)
