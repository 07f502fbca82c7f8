"""SystemRDL: a register description in, its registers with fields out."""

import re
from collections.abc import Iterator
from dataclasses import replace
from math import prod
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from runner.corpus.readers import Document
from runner.corpus.readers.installed import needed
from runner.corpus.readers.limited import limited_text
from runner.corpus.readers.register_map import Block, RegisterEntry, RegisterField, document

ACCESS = {
    "rw": "read/write",
    "r": "read-only",
    "w": "write-only",
    "rw1": "read/write, written once",
    "w1": "write-only, written once",
    "na": "not accessible by software",
    "rclr": "cleared by a read",
    "rset": "set by a read",
    "woclr": "cleared by writing 1",
    "woset": "set by writing 1",
    "wzc": "cleared by writing 0",
    "wzs": "set by writing 0",
}
_INCLUDE = re.compile(r'`include\b(?:\s*"([^"\n]*)")?')


def read(file: Path, home: Path) -> Document:
    """Read the last address map of a SystemRDL file.

    Files that it includes are read if they are in `home`. A file that can't be compiled is kept as text, with a note. Raise a
    Fault if the file can't be read.
    """
    text = limited_text(file)
    with needed(file, "systemrdl-compiler", "systemrdl"):
        from colorama import deinit
        from systemrdl import RDLCompileError
    files: set[Path] = set()
    deinit()  # the compiler wraps the standard output when it is imported
    try:
        whole = _with_included(file, home.resolve(), files)
        if "<%" in whole:  # the compiler would run it
            raise ValueError("it holds Perl, which is not run")
        return replace(document(_block(_compiled(whole))), included=_names(files - {file.resolve()}, home))
    # The compiler raises these on its own faults.
    except (RDLCompileError, ValueError, RuntimeError, LookupError, TypeError, AttributeError) as error:
        reason = str(error).split("\n")[0] or "it is nested too deep"
        notes = (f"{file.name} is read as text without facts: {reason}",)
        return Document(markdown=text, headings=False, notes=notes, included=_names(files - {file.resolve()}, home))


def _with_included(file: Path, home: Path, taken: set[Path]) -> str:
    """Return a file's text with what it includes."""
    # Each file once. Not by the compiler: a file could include any other of this machine, and its text would be sent to a
    # teacher.
    taken.add(file.resolve())

    def included(match: re.Match[str]) -> str:
        target = (file.parent / (match[1] or "")).resolve()
        allowed = target.is_relative_to(home) and target.is_file() and target not in taken
        if target.is_relative_to(home):
            taken.add(target)
        return _with_included(target, home, taken) if allowed else ""

    return _INCLUDE.sub(included, limited_text(file))


def _names(files: set[Path], home: Path) -> tuple[str, ...]:
    """Return the names of files that were looked for."""
    return tuple(sorted(file.relative_to(home.resolve()).as_posix() for file in files))


def _compiled(text: str) -> Any:
    """Return the address map of a text."""
    from systemrdl import RDLCompiler
    from systemrdl.messages import MessagePrinter, Severity

    class FirstError(MessagePrinter):  # type: ignore[misc]
        """Raises an error's text in place of printing it."""

        def print_message(self, severity: Any, text: str, src_ref: Any) -> None:
            """Raise a ValueError at an error; ignore warnings."""
            if severity >= Severity.ERROR:
                raise ValueError(text)

    compiler = RDLCompiler(message_printer=FirstError())
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "map.rdl"
        copy.write_text(text, encoding="utf-8")
        compiler.compile_file(str(copy))
        return compiler.elaborate().top


def _block(top: Any) -> Block:
    """Return the registers of an address map."""
    return Block(
        name=top.inst_name,
        title=top.get_property("name", default="") or top.inst_name,
        description=top.get_property("desc", default="") or "",
        registers=list(_registers(top)),
    )


def _registers(top: Any) -> Iterator[RegisterEntry]:
    from systemrdl.node import RegNode

    for node in top.descendants():
        if isinstance(node, RegNode):
            name = node.get_rel_path(top, array_suffix="", empty_array_suffix="")
            yield RegisterEntry(
                name=name,
                description=_described(node),
                offset=f"{node.raw_absolute_address:#x}",
                count=str(prod(node.array_dimensions)) if node.is_array else "",
                fields=[_field(field) for field in sorted(node.fields(), key=lambda field: field.low)],
            )


def _field(node: Any) -> RegisterField:
    words = [node.get_property(name) for name in ("sw", "onread", "onwrite")]
    reset, values = node.get_property("reset"), node.get_property("encode")
    return RegisterField(
        name=node.inst_name,
        bits=f"{node.high}:{node.low}" if node.width > 1 else str(node.low),
        access=", ".join(ACCESS.get(word.name, word.name) for word in words if word is not None),
        reset=f"{reset:#x}" if isinstance(reset, int) else "",
        description=_described(node),
        values=[(f"{value.value:#x}", value.name, value.rdl_desc or "") for value in values] if values else [],
    )


def _described(node: Any) -> str:
    """Return name and description of a node."""
    name, text = (node.get_property(part, default="") or "" for part in ("name", "desc"))
    return f"{name}. {text}" if name and text and name not in text else text or name
