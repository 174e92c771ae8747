"""Plugins are found by their place, never listed: each module or package inside a package is one plugin."""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


def discover(package: str, *, needs: str = "") -> dict[str, ModuleType]:
    """Import what lies directly inside `package` and return it by name, in order. `_names` are not plugins.

    With `needs` only modules that carry this attribute count (`base.py` and its kind stay out).
    """
    place = import_module(package)
    names = sorted(module.name for module in iter_modules(place.__path__) if not module.name.startswith("_"))
    found = {name: import_module(f"{package}.{name}") for name in names}
    return {name: module for name, module in found.items() if not needs or hasattr(module, needs)}
