"""Two import rules of this house that import-linter does not bring with it (pyproject.toml says why they are there)."""

from collections.abc import Iterator

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class OneDoor(Contract):
    """An app is imported from outside through its doors alone. The kernel is the floor: each of its modules is a door."""

    apps = fields.ListField(subfield=fields.StringField())
    doors = fields.ListField(subfield=fields.StringField())
    insiders = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        broken = [line for app in self.apps for line in self._broken(graph, app)]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        _print(check)

    def _broken(self, graph: ImportGraph, app: str) -> Iterator[str]:
        doors = tuple(f"{app}.{door}" for door in self.doors)
        for module in _members(graph, app) - {app}:
            if module.startswith(doors):
                continue
            for importer in graph.find_modules_that_directly_import(module):
                if not any(_is_inside(importer, one) for one in (app, *self.insiders)):
                    yield f"{importer} imports {module}: go through {', '.join(self.doors)} of {app}"


class PluginsAlone(Contract):
    """A plugin (a folder in `folders`, a file in `modules`) imports no other plugin beside it."""

    folders = fields.ListField(subfield=fields.StringField())
    modules = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        broken = [line for shelf in self.folders for line in self._broken(graph, shelf, self._folders(graph, shelf))]
        broken += [line for shelf in self.modules for line in self._broken(graph, shelf, self._files(graph, shelf))]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        _print(check)

    def _folders(self, graph: ImportGraph, shelf: str) -> set[str]:
        return {name for name in graph.find_children(shelf) if graph.find_children(name)}

    def _files(self, graph: ImportGraph, shelf: str) -> set[str]:
        return set(graph.find_children(shelf)) - {f"{shelf}.base"}

    def _broken(self, graph: ImportGraph, shelf: str, plugins: set[str]) -> Iterator[str]:
        for plugin in plugins:
            for module in _members(graph, plugin):
                for imported in graph.find_modules_directly_imported_by(module):
                    if any(_is_inside(imported, other) for other in plugins - {plugin}):
                        yield f"{module} imports {imported}: a plugin of {shelf} stands alone"


def _members(graph: ImportGraph, package: str) -> set[str]:
    return {package, *graph.find_descendants(package)} if package in graph.modules else set()


def _is_inside(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def _print(check: ContractCheck) -> None:
    for line in sorted(check.metadata["broken"]):
        output.print_error(line)
