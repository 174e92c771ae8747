from inventory.models import Warehouse
from inventory.services.fold import fold


def fold_all() -> None:
    """What the sweeper does within half a second, without opening a closed gate."""
    for warehouse in Warehouse.objects.all():
        fold(warehouse.pk)
