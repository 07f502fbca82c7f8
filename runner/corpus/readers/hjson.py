"""Hjson as OpenTitan writes it: a register description, test plan or other file in, a document out."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from runner.corpus.readers import Document
from runner.corpus.readers.installed import needed
from runner.corpus.readers.limited import limited_text
from runner.corpus.readers.register_map import Block, RegisterEntry, RegisterField, Rows, document
from runner.errors import Fault

ACCESS = {
    "rw": "read/write",
    "ro": "read-only",
    "wo": "write-only",
    "rc": "read-only and cleared by a read",
    "rw1c": "read/write and cleared by writing 1",
    "rw0c": "read/write and cleared by writing 0",
    "rw1s": "read/write and set by writing 1",
    "r0w1c": "cleared by writing 1 and read as 0",
    "none": "not accessible by software",
}
# Lists of a block that become tables: key, heading, what one row is, columns with their keys.
TABLES = (
    ("param_list", "Parameters", "parameter", {"Name": "name", "Type": "type", "Default": "default", "Description": "desc"}),
    ("available_input_list", "Inputs", "input", {"Name": "name", "Width": "width", "Description": "desc"}),
    ("available_output_list", "Outputs", "output", {"Name": "name", "Width": "width", "Description": "desc"}),
    ("available_inout_list", "Bidirectional pins", "pin", {"Name": "name", "Width": "width", "Description": "desc"}),
    ("interrupt_list", "Interrupts", "interrupt", {"Name": "name", "Type": "type", "Description": "desc"}),
    ("alert_list", "Alerts", "alert", {"Name": "name", "Description": "desc"}),
    ("features", "Features", "feature", {"Name": "name", "Description": "desc"}),
    ("countermeasures", "Countermeasures", "countermeasure", {"Name": "name", "Description": "desc"}),
    ("testpoints", "Testpoints", "testpoint", {"Name": "name", "Stage": "stage", "Tests": "tests", "Description": "desc"}),
    ("covergroups", "Covergroups", "covergroup", {"Name": "name", "Description": "desc"}),
)
KNOWN = {"registers", *(key for key, *_ in TABLES)}


def read(file: Path, home: Path) -> Document:
    """Read an Hjson file.

    Registers, parameters, signals and testpoints become tables and facts. A file with none of them is kept as it is. Raise a
    Fault if the file can't be read.
    """
    text = limited_text(file)
    with needed(file, "hjson"):
        import hjson
    try:
        content = hjson.loads(text)
    except (hjson.HjsonDecodeError, RecursionError) as error:
        raise Fault(f"{file} is not Hjson: {error}. Correct it, or leave it out") from error
    if not isinstance(content, Mapping) or not content.keys() & KNOWN:
        return Document(markdown=text, headings=False)
    name = str(content.get("name", file.stem))
    return document(
        Block(
            name=name,
            title=str(content.get("human_name", name)),
            description=str(content.get("one_paragraph_desc") or content.get("one_line_desc") or ""),
            tables=[_rows(content, *table) for table in TABLES],
            registers=list(_registers(_listed(content.get("registers")))),
        )
    )


def _registers(entries: Sequence[Mapping[str, Any]]) -> Iterator[RegisterEntry]:
    """Yield the registers of a list of entries."""
    for entry in entries:
        # An array of registers, or a range of addresses. Other entries only move the address: skipto, reserved.
        shared = entry.get("multireg") or entry.get("window")
        register = shared if isinstance(shared, Mapping) else entry
        if "name" not in register:
            continue
        access, name = _access(register), _text(register, "name")
        yield RegisterEntry(
            name=name,
            description=_text(register, "desc"),
            access=access,
            reset=_text(register, "resval"),
            count=_text(register, "count") or _text(register, "items"),
            fields=[_field(part, access, name) for part in _mappings(register.get("fields"))],
        )


def _field(part: Mapping[str, Any], access: str, register: str) -> RegisterField:
    values = _mappings(part.get("enum"))
    return RegisterField(
        name=_text(part, "name") or register,  # a register of one field
        bits=_text(part, "bits"),
        access=_access(part) or access,
        reset=_text(part, "resval"),
        description=_text(part, "desc"),
        values=[(_text(value, "value"), _text(value, "name"), _text(value, "desc")) for value in values],
    )


def _rows(content: Mapping[str, Any], key: str, heading: str, noun: str, columns: Mapping[str, str]) -> Rows:
    """Return a table of the entries of one list."""
    entries = [entry for entry in _mappings(content.get(key)) if "name" in entry]
    rows = [tuple(_text(entry, part) for part in columns.values()) for entry in entries]
    return Rows(heading=heading, noun=noun, columns=tuple(columns), rows=rows)


def _access(entry: Mapping[str, Any]) -> str:
    access = _text(entry, "swaccess")
    return ACCESS.get(access, access)


def _text(entry: Mapping[str, Any], key: str) -> str:
    """Return a value as text; a list is separated by commas."""
    value = entry.get(key)
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


def _listed(registers: Any) -> list[Mapping[str, Any]]:
    """Return the registers of all interfaces of a block."""
    lists = registers.values() if isinstance(registers, Mapping) else [registers]
    return [entry for entries in lists for entry in _mappings(entries)]


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    """Return the mappings of a list; other values are none."""
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []
