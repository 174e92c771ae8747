"""The connectors that stand in this folder, by name."""

from functools import cache

from channels_sync.connectors.base import Connector
from kernel import plugins


@cache
def connectors() -> dict[str, Connector]:
    found = plugins.discover("channels_sync.connectors", needs="CONNECTOR")
    return {name: module.CONNECTOR for name, module in found.items()}
