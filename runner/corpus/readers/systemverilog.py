"""SystemVerilog and Verilog: a file in, its modules with parameters, ports and code out."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

from runner.corpus.readers import Document
from runner.corpus.readers.installed import needed
from runner.corpus.readers.limited import limited_text
from runner.corpus.readers.markdown_writing import flat, sentence
from runner.corpus.readers.source_code import C_LIKE, CodeUnit, Values, beside, document, short
from runner.errors import Fault

KINDS = {
    "ModuleDeclaration": "module",
    "InterfaceDeclaration": "interface",
    "PackageDeclaration": "package",
    "ProgramDeclaration": "program",
    "ClassDeclaration": "class",
}
DIRECTIONS = {"input": "an input", "output": "an output", "inout": "an inout", "ref": "a reference"}
PORTS = {"ImplicitAnsiPort", "PortDeclaration"}  # within the parentheses, or as statements as in Verilog of 1995
# A file could include any other of this machine, and its text would be sent to a teacher. A comment of the same length.
_INCLUDE = re.compile(r"`include\b")
# The value of a macro from another file is unknown. Without its mark it is a name, and the rest can be read.
_MACRO = re.compile(
    r"`(?!(?:define|undef|undefineall|ifdef|ifndef|elsif|else|endif|timescale|resetall|line|pragma|default_nettype|"
    r"celldefine|endcelldefine|begin_keywords|end_keywords|unconnected_drive|nounconnected_drive)\b)(?=[A-Za-z_]\w*(?!\w|\s*\())"
)
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)


def read(file: Path, home: Path) -> Document:
    """Read a SystemVerilog or Verilog file.

    It need not compile: its syntax alone is read, without included files. Raise a Fault if the file can't be read.
    """
    text = limited_text(file)
    with needed(file, "pyslang"):
        from pyslang.syntax import SyntaxTree
    quiet = _MACRO.sub(" ", _INCLUDE.sub("// inclu", text))
    try:
        tree = SyntaxTree.fromText(quiet, file.name)
    except RuntimeError as error:  # brackets within brackets within brackets
        raise Fault(f"{file} can't be read as SystemVerilog: it is nested too deep. Correct it, or leave it out") from error
    return document(file.name, text, "systemverilog", C_LIKE, _Source(text, quiet).units(tree.root))


class _Source:
    """A file that was parsed."""

    def __init__(self, text: str, parsed: str) -> None:
        self.lines = text.split("\n")
        self.content = parsed.encode()
        self.begins = list(accumulate((len(line.encode()) + 1 for line in self.lines), initial=0))

    def units(self, root: Any) -> Iterator[CodeUnit]:
        """Yield modules, packages, interfaces and classes."""
        members = root.members if root.kind.name == "CompilationUnit" else [root]
        for member in members:
            if kind := KINDS.get(member.kind.name):
                is_class = kind == "class"
                name = (member if is_class else member.header).name.valueText
                first, last = self._span(member)
                owner = f"the {kind} {name}"
                tables = [self._parameters(member, owner)]
                tables += [] if is_class else [self._ports(member, owner), *self._types(member, owner)]
                facts = (
                    [f"The class {name} extends {self._text(member.extendsClause.baseName).split('#')[0].strip()}."]
                    if _extends(member)
                    else []
                )
                yield CodeUnit(heading=f"{kind} {name}", start=first, stop=last + 1, tables=tables, facts=facts)

    def _parameters(self, member: Any, owner: str) -> Values:
        header = member if member.kind.name == "ClassDeclaration" else member.header
        inner = header.parameters.declarations if header.parameters else ()
        statements = [part.parameter for part in _parts(member) if part.kind.name == "ParameterDeclarationStatement"]
        is_package = member.kind.name == "PackageDeclaration"  # where no parameter can be given another value
        rows: list[tuple[str, ...]] = []
        facts: list[str] = []
        for declaration in [*_nodes(inner), *statements]:
            is_type = declaration.kind.name == "TypeParameterDeclaration"
            kind = "type" if is_type else self._text(declaration.type)
            noun = "constant" if is_package or declaration.keyword.valueText == "localparam" else "parameter"
            for declarator in _nodes(declaration.declarators):
                name = declarator.name.valueText
                given = declarator.assignment if is_type else declarator.initializer
                default = self._text(given).lstrip("= ")
                note = self._beside(declarator)
                rows.append((name, noun, kind, default, note))
                facts += _facts(noun, name, owner, _valued(noun, kind, default), note)
        return Values(heading="Parameters", columns=("Name", "Kind", "Type", "Value", "Description"), rows=rows, facts=facts)

    def _ports(self, member: Any, owner: str) -> Values:
        listed = member.header.ports.ports if member.header.ports else ()
        rows: list[tuple[str, ...]] = []
        facts: list[str] = []
        direction, kind = "inout", ""  # of the port before, which a port without any of its own shares
        for port in [*_nodes(listed), *member.members]:
            if port.kind.name not in PORTS:
                continue
            head = port.header
            if head.kind.name == "InterfacePortHeader":
                direction, kind = "interface", self._text(head)
            elif own := self._text(head):
                direction = head.direction.valueText or direction
                kind = self._text(head.dataType) or ("" if own else kind)
            for declarator in _nodes([port.declarator] if port.kind.name == "ImplicitAnsiPort" else port.declarators):
                name = declarator.name.valueText
                whole = flat(f"{kind} {''.join(map(self._text, declarator.dimensions))}")
                note = self._beside(declarator)
                rows.append((name, direction, whole, note))
                statement = f"is {DIRECTIONS.get(direction, 'an interface')}" + (f" of type {whole}" if whole else "")
                facts += _facts("port", name, owner, statement, note)
        return Values(heading="Ports", columns=("Name", "Direction", "Type", "Description"), rows=rows, facts=facts)

    def _types(self, member: Any, owner: str) -> Iterator[Values]:
        """Yield the values of each enumeration."""
        for part in member.members:
            if part.kind.name != "TypedefDeclaration" or part.type.kind.name != "EnumType":
                continue
            name = part.name.valueText
            rows = [
                (value.name.valueText, self._text(value.initializer).lstrip("= "), self._beside(value))
                for value in _nodes(part.type.members)
            ]
            facts = [
                fact
                for value, number, note in rows
                for fact in _facts("value", value, f"the type {name} in {owner}", f"is {number}" if number else "", note)
            ]
            yield Values(heading=f"Values of {name}", columns=("Name", "Value", "Description"), rows=rows, facts=facts)

    def _text(self, node: Any) -> str:
        """Return a node as it is written, without comments."""
        if node is None:
            return ""
        first, last = node.sourceRange.start.offset, node.sourceRange.end.offset
        return flat(_COMMENT.sub(" ", self.content[first:last].decode("utf-8", "replace")))

    def _beside(self, node: Any) -> str:
        return beside(self.lines, *self._span(node), C_LIKE)

    def _span(self, node: Any) -> tuple[int, int]:
        """Return the first and last line of a node."""
        places = (node.sourceRange.start.offset, node.sourceRange.end.offset)
        first, last = (min(bisect_right(self.begins, place), len(self.lines)) - 1 for place in places)
        return first, max(first, last)


def _facts(noun: str, name: str, owner: str, statement: str, note: str) -> Iterator[str]:
    """Yield sentences on a name of a module."""
    if statement:
        yield f"The {noun} {name} of {owner} {statement}."
    if note:
        yield f"The {noun} {name} of {owner}: {sentence(note)}"


def _valued(noun: str, kind: str, default: str) -> str:
    """Say type and value of a parameter."""
    written = "is a type" if kind == "type" else kind and f"is of type {kind}"
    value = default and (f"is {short(default)}" if noun == "constant" else f"has the default {short(default)}")
    return " and ".join(part for part in (written, value) if part)


def _extends(member: Any) -> bool:
    return member.kind.name == "ClassDeclaration" and member.extendsClause is not None


def _parts(member: Any) -> Any:
    return member.items if member.kind.name == "ClassDeclaration" else member.members


def _nodes(separated: Any) -> Iterator[Any]:
    """Yield the nodes of a list, without its commas."""
    from pyslang.parsing import Token

    return (node for node in separated if not isinstance(node, Token))
