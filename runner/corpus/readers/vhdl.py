"""VHDL: a file in, its entities with generics, ports and code out."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from runner.corpus.readers import Document
from runner.corpus.readers.installed import needed
from runner.corpus.readers.limited import limited_text
from runner.corpus.readers.markdown_writing import sentence
from runner.corpus.readers.source_code import CodeUnit, Comments, Values, beside, document, short
from runner.corpus.readers.syntax import Syntax

if TYPE_CHECKING:
    from tree_sitter import Node

COMMENTS = Comments("--")
# Parts of a file, with the field that holds the name.
KINDS = {
    "entity_declaration": ("entity", "entity"),
    "architecture_definition": ("architecture", "architecture"),
    "package_declaration": ("package", "package"),
    "package_definition": ("package body", "package"),
    "configuration_declaration": ("configuration", "configuration"),
    "context_declaration": ("context", "context"),
}
MODES = {"in": "an input", "out": "an output", "inout": "an inout", "buffer": "a buffer", "linkage": "a linkage"}


def read(file: Path, home: Path) -> Document:
    """Read a VHDL file. Raise a Fault if it can't be read."""
    text = limited_text(file)
    with needed(file, "tree-sitter-vhdl"):
        import tree_sitter_vhdl
    return document(file.name, text, "vhdl", COMMENTS, _Design(text, tree_sitter_vhdl.language(), file.name).units())


class _Design(Syntax):
    """A design file that was parsed."""

    def units(self) -> Iterator[CodeUnit]:
        """Yield entities, architectures and packages."""
        for node in self.walk({"design_file", "design_unit", "ERROR"}):
            if node.type not in KINDS:
                continue
            kind, field = KINDS[node.type]
            name = self._name(node, field)
            heading = f"{kind} {name}"
            if node.type == "architecture_definition":
                heading += f" of {self.text(node, 'entity')}"
            first, last = self.span(node)
            yield CodeUnit(heading=heading, start=first, stop=last + 1, tables=list(self._tables(node, kind, name)))

    def _name(self, node: "Node", field: str) -> str:
        named = next((part for part in node.named_children if part.type in {"identifier", "name"}), None)
        return self.text(named) if named else self.text(node, field)

    def _tables(self, node: "Node", kind: str, name: str) -> Iterator[Values]:
        owner = f"the {kind} {name}"
        if kind == "entity":
            for clause, heading, noun in (("generic_clause", "Generics", "generic"), ("port_clause", "Ports", "port")):
                parts = [
                    part for listed in self.inside(node, {clause}) for part in self.inside(listed, {"interface_declaration"})
                ]
                yield self._table(heading, noun, owner, parts)
        elif kind == "package":
            yield self._table("Constants", "constant", owner, self.inside(node, {"constant_declaration"}))

    def _table(self, heading: str, noun: str, owner: str, parts: Iterable["Node"]) -> Values:
        """Return a table of declarations, with facts."""
        rows: list[tuple[str, ...]] = []
        facts: list[str] = []
        for part in parts:
            names, mode, kind, value = self._declaration(part)
            note = beside(self.lines, *self.span(part), COMMENTS)
            for name in names:
                rows.append((name, mode if noun == "port" else "", kind, value, note))
                stated = [f"is {MODES.get(mode, 'an input')}" + (f" of type {kind}" if kind else "")] if noun == "port" else []
                stated += [f"is of type {kind}"] if noun != "port" and kind else []
                stated += [f"{'is' if noun == 'constant' else 'has the default'} {short(value)}"] if value else []
                facts.append(f"The {noun} {name} of {owner} {' and '.join(stated)}.")
                facts += [f"The {noun} {name} of {owner}: {sentence(note)}"] if note else []
        return Values(heading=heading, columns=("Name", "Direction", "Type", "Value", "Description"), rows=rows, facts=facts)

    def _declaration(self, part: "Node") -> tuple[list[str], str, str, str]:
        """Return names, mode, type and value of a declaration."""
        # As it is written: names : mode type := value
        left, _, right = self.text(part).rstrip(";").partition(":")
        kind, _, value = right.partition(":=")
        words = kind.split()
        mode = words[0].lower() if words and words[0].lower() in MODES else ""
        names = [name.split()[-1] for name in left.split(",") if name.strip()]
        return names, mode or "in", " ".join(words[1:] if mode else words), value.strip()
