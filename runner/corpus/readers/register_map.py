"""Register maps: blocks of registers in, Markdown and facts out.

Readers of register descriptions share it, so that all formats give the same text.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from runner.corpus.readers import Document
from runner.corpus.readers.markdown_writing import filled_table, flat, sentence, table


@dataclass(frozen=True, kw_only=True)
class RegisterField:
    """Bits of a register; empty texts are unknown."""

    name: str
    bits: str  # such as 7:0
    access: str = ""
    reset: str = ""
    description: str = ""
    values: Sequence[tuple[str, str, str]] = ()  # value, name, description


@dataclass(frozen=True, kw_only=True)
class RegisterEntry:
    """A register, or a number of equal ones."""

    name: str
    description: str = ""
    offset: str = ""
    access: str = ""
    reset: str = ""
    count: str = ""  # of an array of registers
    fields: Sequence[RegisterField] = ()


@dataclass(frozen=True, kw_only=True)
class Rows:
    """A table beside the registers, such as parameters."""

    heading: str  # Parameters
    noun: str  # parameter
    columns: tuple[str, ...]  # Name, Default, Description
    rows: Sequence[tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class Block:
    """A hardware block with its registers."""

    name: str
    title: str = ""
    description: str = ""
    tables: Sequence[Rows] = ()
    registers: Sequence[RegisterEntry] = field(default_factory=tuple)


def document(block: Block) -> Document:
    """Write a block as a document with facts."""
    lines: list[str] = [f"# {block.title or block.name}", "", *_paragraphs(block.description)]
    facts: list[tuple[int, str]] = []
    for rows in block.tables:
        if rows.rows:
            lines += [f"## {rows.heading}", ""]
            facts += ((len(lines), fact) for fact in _row_facts(block, rows))
            lines += [*filled_table(rows.columns, rows.rows), ""]
    for register in block.registers:
        lines += [f"## {register.name}", ""]
        facts += ((len(lines), fact) for fact in _register_facts(block, register))
        lines += _register(register)
    return Document(markdown="\n".join(lines), facts=tuple(facts), places=((0, ""),))


def _register(register: RegisterEntry) -> Iterator[str]:
    """Yield the lines of a register under its heading."""
    yield from _paragraphs(register.description)
    known = {"Offset": register.offset, "Access": register.access, "Reset": register.reset, "Number": register.count}
    if parts := [f"{name}: {value}" for name, value in known.items() if value]:
        yield from ("; ".join(parts), "")
    if register.fields:
        rows = [(part.bits, part.name, part.access, part.reset, flat(part.description)) for part in register.fields]
        columns = ("Bits", "Field", "Access", "Reset", "Description")
        yield from filled_table(columns, rows)
        yield ""
    for part in register.fields:
        if part.values:
            yield from (f"Values of {part.name}:", "")
            yield from table(("Value", "Name", "Description"), [(a, b, flat(c)) for a, b, c in part.values])
            yield ""


def _register_facts(block: Block, register: RegisterEntry) -> Iterator[str]:
    """Yield what is known of a register, a sentence each."""
    name = f"The register {register.name} of {block.name}"
    if register.description:
        yield f"{name}: {sentence(register.description)}"
    if register.offset:
        yield f"{name} is at offset {register.offset}."
    if register.access:
        yield f"{name} is {register.access}."
    if register.reset:
        yield f"{name} has the reset value {register.reset}."
    if register.count:
        yield f"{name} exists {register.count} times."
    for part in register.fields:
        name = f"The field {part.name} in the register {register.name} of {block.name}"
        yield f"{name} is {'bits' if ':' in part.bits else 'bit'} {part.bits}."
        if part.description:
            yield f"{name}: {sentence(part.description)}"
        if part.access and part.access != register.access:
            yield f"{name} is {part.access}."
        if part.reset:
            yield f"{name} has the reset value {part.reset}."
        for value, title, meaning in part.values:
            meant = f"{title}: {sentence(meaning)}" if meaning else f"{title}."
            yield f"The value {value} of {name[0].lower()}{name[1:]} means {meant}"


def _row_facts(block: Block, rows: Rows) -> Iterator[str]:
    """Yield a sentence for each cell."""
    for row in rows.rows:
        for column, value in zip(rows.columns[1:], row[1:], strict=True):
            if value:
                verb = ":" if column == "Description" else f" has the {column.lower()}"
                text = sentence(value) if column == "Description" else f"{value}."
                yield f"The {rows.noun} {row[0]} of {block.name}{verb} {text}"


def _paragraphs(text: str) -> list[str]:
    """Return the lines of a text, without indentation."""
    return [*(line.strip() for line in text.strip().split("\n")), ""] if text.strip() else []
