"""IP-XACT: a component's registers, ports and parameters in, a document out.

All versions are read by the local names of their elements: SPIRIT 1.4 and 1.5, IEEE 1685-2009, 2014 and 2022.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from runner.corpus.readers import Document
from runner.corpus.readers.installed import needed
from runner.corpus.readers.limited import check_size
from runner.corpus.readers.register_map import Block, RegisterEntry, RegisterField, Rows, document
from runner.errors import Fault

if TYPE_CHECKING:
    from lxml.etree import ElementBase as Element

NAMESPACE = re.compile(rb"spiritconsortium\.org/XMLSchema/SPIRIT|accellera\.org/XMLSchema/(?:IPXACT|SPIRIT)", re.IGNORECASE)
HEAD = 16384  # bytes in which the namespace stands; a licence may come before it
BASES = {"h": 16, "d": 10, "o": 8, "b": 2}
_NUMBER = re.compile(r"(?:\d*'s?([hdob])\s*|(0x))?([0-9a-f_]+)", re.IGNORECASE)


def is_ip_xact(file: Path) -> bool:
    """Return True if a file names the namespace of IP-XACT."""
    with file.open("rb") as content:
        return bool(NAMESPACE.search(content.read(HEAD).replace(b"\0", b"")))  # UTF-16 has NULs


def read(file: Path, home: Path) -> Document:
    """Read the component of an IP-XACT file.

    Raise a Fault if it can't be read or declares entities, which could name other files or grow without end.
    """
    check_size(file)
    with needed(file, "lxml"):
        from lxml import etree
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True)
    try:
        tree = etree.parse(file, parser)
    except (etree.LxmlError, OSError) as error:
        raise Fault(f"{file} can't be read as XML: {error}. Correct it, or leave it out") from error
    if tree.docinfo.internalDTD is not None:
        raise Fault(f"{file} has a DOCTYPE, which IP-XACT doesn't have and which could name other files. Remove it")
    root = tree.getroot()
    name = _text(root, "name") or file.stem
    ids = {str(node.get("parameterId")): _text(node, "name") for node in root.iter("{*}parameter") if node.get("parameterId")}
    blocks = [
        block for part in ("", "{*}bank/") for block in root.iterfind(f"{{*}}memoryMaps/{{*}}memoryMap/{part}{{*}}addressBlock")
    ]
    return document(
        Block(
            name=name,
            description=_text(root, "description"),
            tables=[*_tables(root, ids), _address_blocks(blocks, ids)],
            registers=[
                entry for block in blocks for entry in _registers(block, _prefix(block, blocks), "baseAddress", ["0"], ids)
            ],
        )
    )


def _tables(root: "Element", ids: Mapping[str, str]) -> Iterator[Rows]:
    """Yield parameters and ports."""
    parameters = [*root.iterfind("{*}parameters/{*}parameter"), *root.iter("{*}modelParameter", "{*}moduleParameter")]
    rows = [(_text(node, "name"), _text(node, "value", ids), _text(node, "description")) for node in parameters]
    yield Rows(heading="Parameters", noun="parameter", columns=("Name", "Value", "Description"), rows=rows)
    ports = [
        (_text(node, "name"), _text(node, "wire/direction"), _range(node, ids), _text(node, "description"))
        for node in root.iterfind("{*}model/{*}ports/{*}port")
    ]
    yield Rows(heading="Ports", noun="port", columns=("Name", "Direction", "Bits", "Description"), rows=ports)


def _address_blocks(blocks: Sequence["Element"], ids: Mapping[str, str]) -> Rows:
    parts = {"Base address": "baseAddress", "Range": "range", "Width": "width", "Usage": "usage", "Description": "description"}
    rows = [(_text(block, "name"), *(_text(block, part, ids) for part in parts.values())) for block in blocks]
    return Rows(heading="Address blocks", noun="address block", columns=("Name", *parts), rows=rows)


def _registers(
    parent: "Element", prefix: str, offset: str, above: Sequence[str], ids: Mapping[str, str]
) -> Iterator[RegisterEntry]:
    """Yield the registers of a block or register file."""
    offsets = [*above, _text(parent, offset, ids)]
    for node in parent.iterfind("{*}register"):
        name, access = prefix + _text(node, "name"), _text(node, "access")
        yield RegisterEntry(
            name=name,
            description=_text(node, "description"),
            offset=_sum([*offsets, _text(node, "addressOffset", ids)]),
            access=access,
            reset=_text(node, "reset/value", ids),
            count=_text(node, "dim", ids) or _text(node, "array/dim", ids),
            fields=[_field(field, access, ids) for field in node.iterfind("{*}field")],
        )
    for inner in parent.iterfind("{*}registerFile"):
        yield from _registers(inner, f"{prefix}{_text(inner, 'name')}.", "addressOffset", offsets, ids)


def _field(node: "Element", access: str, ids: Mapping[str, str]) -> RegisterField:
    low, width = _text(node, "bitOffset", ids), _text(node, "bitWidth", ids)
    first, size = _number(low), _number(width)
    if first is None or size is None:
        bits = f"{low}+{width}-1:{low}"  # of parameters
    else:
        bits = f"{first + size - 1}:{first}" if size > 1 else str(first)
    values = node.iterfind("{*}enumeratedValues/{*}enumeratedValue")
    return RegisterField(
        name=_text(node, "name"),
        bits=bits,
        access=_text(node, "access") or _text(node, "fieldAccessPolicies/fieldAccessPolicy/access") or access,
        reset=_text(node, "resets/reset/value", ids) or _text(node, "reset/value", ids),
        description=_text(node, "description"),
        values=[(_text(value, "value", ids), _text(value, "name"), _text(value, "description")) for value in values],
    )


def _prefix(block: "Element", blocks: Sequence["Element"]) -> str:
    """Name a block before its registers if there are several."""
    return f"{_text(block, 'name')}." if len(blocks) > 1 else ""


def _range(port: "Element", ids: Mapping[str, str]) -> str:
    """Return the bits of a port, such as 7:0."""
    for vector in ("wire/vectors/vector", "wire/vector"):
        if left := _text(port, f"{vector}/left", ids):
            return f"{left}:{_text(port, f'{vector}/right', ids)}"
    return ""


def _text(node: "Element", path: str, ids: Mapping[str, str] | None = None) -> str:
    """Return the text at a path of local names.

    `ids` are names of parameters, which expressions call by their ids.
    """
    text = (node.findtext("/".join(f"{{*}}{name}" for name in path.split("/"))) or "").strip()
    return re.sub(r"[A-Za-z_]\w*", lambda match: ids.get(match[0], match[0]), text) if ids else text


def _sum(offsets: Sequence[str]) -> str:
    """Add offsets; expressions of parameters stay as they are."""
    numbers = [_number(offset) for offset in offsets if offset]
    known = [number for number in numbers if number is not None]
    return (
        f"{sum(known):#x}" if len(known) == len(numbers) else " + ".join(offset for offset in offsets if offset not in {"", "0"})
    )


def _number(text: str) -> int | None:
    """Return a number in C's or Verilog's form; None for others."""
    match = _NUMBER.fullmatch(text.strip())
    try:
        return int(match[3].replace("_", ""), BASES[match[1].lower()] if match[1] else 16 if match[2] else 10) if match else None
    except ValueError:  # a name of the letters a to f
        return None
