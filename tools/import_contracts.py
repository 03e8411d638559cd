"""A contract import-linter has no type for: a room is entered by its doors.

Used by `.importlinter`. Each room shows others the same few files; a further door is named in the contract, room and
file, so that opening one is a line in a review. Attack stopped: a view that borrows another room's model reads rows
that no policy has narrowed.
"""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class DoorsContract(Contract):
    """Options: `root`, the package whose children are rooms; `doors`, file names open in each; `also`, single modules;
    `foundations`, rooms all of whose files are open to everybody.
    """

    type_name = "doors"

    root = fields.StringField()
    doors = fields.ListField(subfield=fields.StringField())
    also = fields.ListField(subfield=fields.StringField())
    foundations = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002 - import-linter's signature
        broken = [
            f"{importer} imports {imported}"
            for imported in sorted(graph.modules)
            if self._is_private(imported)
            for importer in sorted(graph.find_modules_that_directly_import(imported))
            if importer.split(".")[1:2] != imported.split(".")[1:2]
        ]
        used = {name for name in self.also if graph.find_modules_that_directly_import(name)}
        broken += [f"{name} is named as a door, and nobody uses it" for name in sorted(set(self.also) - used)]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["broken"]:
            output.print_error(f"- {line}", bold=False)

    def _is_private(self, module: str) -> bool:
        root, *inside = module.split(".")
        if root != self.root or len(inside) < 2 or inside[0] in self.foundations:
            return False
        return inside[1] not in self.doors and module not in self.also
