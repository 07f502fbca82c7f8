"""C headers: a file in, its macros, types and functions with their comments out."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from runner.corpus.readers import Document
from runner.corpus.readers.installed import needed
from runner.corpus.readers.limited import limited_text
from runner.corpus.readers.markdown_writing import flat, sentence
from runner.corpus.readers.source_code import C_LIKE, CodeUnit, beside, document, head, short
from runner.corpus.readers.syntax import Syntax

if TYPE_CHECKING:
    from tree_sitter import Node

# What stands around declarations: include guards, extern "C", macros that are no C.
AROUND = {"translation_unit", "preproc_ifdef", "preproc_if", "preproc_else", "preproc_elif", "linkage_specification"}
AROUND |= {"declaration_list", "ERROR"}
SKIPPED = {"comment", "identifier", "preproc_include"}
MACROS = {"preproc_def", "preproc_function_def"}
TYPES = {"enum_specifier": "enumeration", "struct_specifier": "structure", "union_specifier": "union"}
# In C++ the names would be wrong; such a file is kept as code alone.
_CPP = re.compile(r"^\s*(?:namespace\b|class\s+\w|template\s*<|using\s+\w)", re.MULTILINE)


def read(file: Path, home: Path) -> Document:
    """Read a C header.

    It need not compile: its syntax alone is read, without included files. Raise a Fault if the file can't be read.
    """
    text = limited_text(file)
    with needed(file, "tree-sitter-c"):
        import tree_sitter_c
    return document(file.name, text, "c", C_LIKE, _Header(text, tree_sitter_c.language(), file.name).units())


class _Header(Syntax):
    """A header that was parsed."""

    def units(self) -> Iterator[CodeUnit]:
        """Yield the head, runs of macros, types and functions."""
        if declared := [] if _CPP.search("\n".join(self.lines)) else list(self._declared()):
            yield head(f"header {self.name}", self.lines, declared[0].start, C_LIKE)
            yield from declared

    def _declared(self) -> Iterator[CodeUnit]:
        nodes = (node for node in self.walk(AROUND) if node.type not in SKIPPED and not _is_guard(node))
        for are_macros, run in groupby(nodes, lambda node: node.type in MACROS):
            if are_macros:
                yield self._macros(list(run))
            else:
                yield from (unit for node in run if (unit := self._declaration(node)))

    def _macros(self, run: Sequence["Node"]) -> CodeUnit:
        names = [self.text(node, "name") for node in run]
        facts = []
        for node, name in zip(run, names, strict=True):
            first, last = self.span(node)
            value = flat(self.text(node, "value").partition("//")[0].partition("/*")[0])
            if value and node.type == "preproc_def":
                facts.append(f"The macro {name} of {self.name} is {short(value)}.")
            if note := beside(self.lines, first, last, C_LIKE):
                facts.append(f"The macro {name} of {self.name}: {sentence(note)}")
        heading = f"macro {names[0]}" if len(names) == 1 else f"macros {names[0]} to {names[-1]}"
        return CodeUnit(heading=heading, start=self.span(run[0])[0], stop=self.span(run[-1])[1] + 1, facts=facts)

    def _declaration(self, node: "Node") -> CodeUnit | None:
        """Return a type or function; None for others."""
        first, last = self.span(node)
        part = node.child_by_field_name("type") if node.type == "type_definition" else node
        if part and part.type in TYPES and (body := part.child_by_field_name("body")):
            name = self.text(node, "declarator") or self.text(part, "name")
            owner = f"the {TYPES[part.type]} {name}"
            facts = [*self._about(node, owner), *self._members(body, owner)]
            return CodeUnit(heading=f"{TYPES[part.type]} {name}", start=first, stop=last + 1, facts=facts)
        named = next(self.inside(node, {"function_declarator"}), None)
        if named is None or node.type not in {"declaration", "function_definition"}:
            return None
        name = self.text(named, "declarator")
        facts = [*self._about(node, f"the function {name} of {self.name}")]
        return CodeUnit(heading=f"function {name}", start=first, stop=last + 1, facts=facts)

    def _about(self, node: "Node", owner: str) -> Iterator[str]:
        if note := beside(self.lines, *self.span(node), C_LIKE):
            yield f"{owner[0].upper()}{owner[1:]}: {sentence(note)}"

    def _members(self, body: "Node", owner: str) -> Iterator[str]:
        """Yield sentences on values of an enumeration, or members."""
        for member in body.named_children:
            if member.type == "enumerator":
                name, kind, verb = f"The value {self.text(member, 'name')} of {owner}", self.text(member, "value"), "is"
            elif member.type == "field_declaration":
                names = ", ".join(self.text(part) for part in member.children_by_field_name("declarator"))
                kind = flat(f"{self.text(member, 'type')} {'*' * names.count('*')}")
                names = names.replace("*", "")
                name, verb = f"The member {names} of {owner}", "is of type"
            else:
                continue
            if kind and "{" not in kind:
                yield f"{name} {verb} {short(kind)}."
            if note := beside(self.lines, *self.span(member), C_LIKE):
                yield f"{name}: {sentence(note)}"


def _is_guard(node: "Node") -> bool:
    """Return True for the macro of an include guard."""
    around = node.parent.child_by_field_name("name") if node.parent and node.parent.type == "preproc_ifdef" else None
    name = node.child_by_field_name("name") if node.type == "preproc_def" else None
    return around is not None and name is not None and around.text == name.text and node.child_by_field_name("value") is None
