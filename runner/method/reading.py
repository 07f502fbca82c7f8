"""Reading what a teacher wrote: a reply in, the entries that it holds out, with the fault where it holds no more.

A reply that is a JSON array of what was asked for, with or without a code fence, an object or words around it, is read as
that array. Of any other, the entries that are whole are read one by one, and nothing is guessed: what a person would have to
complete or mend is left to the teacher, which can be asked again.

1. What a model thinks before it speaks does not count (`wording.aloud`).
2. Pairs are objects wherever they stand: in several arrays, one after another, in an array that was cut off. Keys may be in
   any case, a number may stand where words are wanted.
3. Statements and numbers are the entries of arrays; of numbers, which are a verdict, there must be one array alone.
4. Comments, commas before a closing bracket, single quotes, and None, True and False as Python writes them are understood.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from runner.data.records import Reply
from runner.data.text import aloud

T = TypeVar("T")

UNREADABLE, CUT_OFF, FILTERED, BROKEN = "unreadable reply", "cut off", "content filter", "unreadable entry"

LONGEST = 100_000  # characters of a reply that is not right which are read: far more than a teacher is asked for

# strings of so many characters, and objects of so many parts, lest a text that is made of quotes and brackets take minutes
_STRING = r'"(?:[^"\\]|\\.){0,2000}+"'
_SINGLE = r"'(?:[^'\\]|\\.){0,2000}+'"
# without a bracket of its own kind but within strings; the second is for strings that do not end where they seem to
_OBJECTS = (
    re.compile(rf"\{{(?:{_STRING}|{_SINGLE}|[^{{}}\"']++){{0,100}}+\}}", re.DOTALL),
    re.compile(r"\{[^{}]*+\}"),
)
# the entries that end with a comma, and the last one; where the text was cut off it may have no end, or that of a quote
_ENTRY = rf"(?:{_STRING}|{_SINGLE}|[^\[\],\"']++){{0,100}}+"
_ARRAY = re.compile(rf"(\[(?:{_ENTRY},)*+)(?:({_ENTRY})(\]|\Z)|\s*+(?!{_STRING}|{_SINGLE})[\"'].*\Z)", re.DOTALL)
_COMMENT = r"(?://|\#)[^\n]*+"
_PYTHON = re.compile(
    rf"(?P<string>{_STRING})|(?P<single>{_SINGLE})|{_COMMENT}|,(?=(?:\s|{_COMMENT})*+[\]}}])|\b(?P<word>None|True|False)\b",
    re.DOTALL,
)
_WORDS = {"None": "null", "True": "true", "False": "false"}
_QUOTED, _QUOTES = re.compile(r"\\.|\"", re.DOTALL), {"\\'": "'", '"': '\\"'}  # within single quotes, and as JSON has it


class Pair(BaseModel, frozen=True):
    """One question/answer pair as a teacher writes it."""

    question: str
    answer: str


class PairList(BaseModel):
    """The form of a reply of pairs: an object, since that is what servers can hold a model to."""

    pairs: list[Pair]


class StatementList(BaseModel):
    """The form of a reply of statements."""

    statements: list[str]


class NumberList(BaseModel):
    """The form of a reply of numbers."""

    numbers: list[int]


FORMS: dict[type, type[BaseModel]] = {Pair: PairList, str: StatementList, int: NumberList}


@dataclass(frozen=True)
class Reading(Generic[T]):
    """The whole entries of a reply; where these are not all of it, the fault, and what the teacher is told of it.

    `said` is what a faulty reply said aloud, `again` how often was asked again until here.
    """

    entries: tuple[T, ...]
    fault: str = ""
    told: str = ""
    said: str = ""
    again: int = 0

    def then(self, later: "Reading[T]") -> "Reading[T]":
        """What both hold, where the teacher was asked again after this reading and gave the later one."""
        held = set(self.entries)
        new = tuple(entry for entry in later.entries if entry not in held)
        return replace(later, entries=self.entries + new, again=self.again + 1)


def read(reply: Reply, kind: type[T]) -> Reading[T]:
    """The entries of one kind (Pair, str or int) in a reply, whatever it says."""
    said = aloud(reply.text)
    for text in (reply.text, said):
        if (right := _right(text, kind)) is not None:
            return Reading(right)
    said = said[:LONGEST].replace("\0", "")
    entries, faults, ended = _objects(said, kind) if issubclass(kind, BaseModel) else _arrays(said, kind)
    held, reason = f"entries that can be read: {len(entries)}", f" ({faults[0]})" if faults else ""
    if reply.finish == "content_filter":
        return Reading(entries, FILTERED, said=said)
    if reply.finish == "length" or not ended:
        return Reading(entries, CUT_OFF, f"That reply was cut off; {held}. Reply with a JSON array of the rest alone.", said)
    if not entries:
        return Reading(entries, UNREADABLE, f"That reply can't be read{reason}. Reply with the JSON array alone.", said)
    if faults:
        told = f"Not all of that reply can be read{reason}; {held}. Reply with a JSON array of the others alone."
        return Reading(entries, BROKEN, told, said)
    return Reading(entries)


def _right(text: str, kind: type[T]) -> tuple[T, ...] | None:
    """The entries of the array from the first bracket to the last, where it is JSON of this kind and no mere thought."""
    start, end = text.find("["), text.rfind("]") + 1
    around = f"{text[:start]} {text[end:]}"
    if start < 0 or aloud(around) != around:
        return None
    try:
        return tuple(TypeAdapter(list[kind]).validate_json(text[start:end], strict=True))  # type: ignore[valid-type]
    except ValidationError:  # of what is no JSON, too: nested without end, or half of a surrogate pair
        return None


def _objects(said: str, kind: type[BaseModel]) -> tuple[tuple[Any, ...], list[str], bool]:
    """The objects of this kind, what is wrong with others that were meant to be, and whether the last one ended."""

    def meant(text: str) -> bool:
        return any(name in text.lower() for name in kind.model_fields)

    entries, faults, begin, end = [], list[str](), 0, 0
    for found in _braced(said):
        if not meant(found[0]):
            continue
        begin, end = begin or found.start(), found.end()
        value = _loaded(found[0], parse_int=str, parse_float=str)
        if not value:
            faults.append(f"{found[0][:60]!r} is no JSON")
            continue
        try:
            entries.append(kind.model_validate({key.strip().lower(): value[key] for key in value}, strict=True))
        except ValidationError as error:
            faults.append(_told(error, found[0]))
    rest = said[end:]
    cut_within = rest.rfind("{") > rest.rfind("}") and meant(rest)
    cut_after = said[:begin].rstrip().endswith("[") and "]" not in rest
    return tuple(entries), faults, not (cut_within or cut_after)


def _braced(said: str) -> Iterator[re.Match[str]]:
    """Every {...} that holds no other, first as its strings have it, then, where that is no JSON, without regard to them."""
    place = 0
    while (start := said.find("{", place)) >= 0:
        found = [match for pattern in _OBJECTS if (match := pattern.match(said, start))]
        chosen = [match for match in found if _loaded(match[0]) is not None] or found[-1:]
        yield from chosen[:1]
        place = chosen[0].end() if chosen else start + 1


def _arrays(said: str, kind: type[T]) -> tuple[tuple[T, ...], list[str], bool]:
    """The entries of this kind in arrays that hold any, what is wrong with others there, and whether the last array ended."""
    entries, faults, ended, arrays = list[T](), list[str](), True, 0
    for found in _ARRAY.finditer(said):
        closed = found[3] == "]"
        last = found[2] if closed or re.fullmatch(rf"\s*{_STRING}\s*", found[2] or "", re.DOTALL) else ""
        good, bad = list[T](), list[str]()
        for value in _loaded(f"{found[1]}{last}]") or ():
            try:
                good.append(TypeAdapter(kind).validate_python(value, strict=True))
            except ValidationError as error:
                bad.append(_told(error, str(value)))
        if good or not closed:
            entries, faults, ended, arrays = entries + good, faults + bad, closed, arrays + 1
    if kind is int and arrays > 1:
        return (), ["it holds several arrays"], ended
    return tuple(entries), faults, ended


def _loaded(text: str, **numbers: Any) -> Any:
    """What JSON holds, if need be without what only Python or a person would write there; None where it is neither."""
    for written in (text, _PYTHON.sub(_as_json, text)):
        try:
            value = json.loads(written, strict=False, **numbers)
            json.dumps(value, ensure_ascii=False).encode()  # which refuses half of a surrogate pair
            return value
        except (ValueError, RecursionError):
            continue
    return None


def _as_json(found: re.Match[str]) -> str:
    if single := found["single"]:
        return f'"{re.sub(_QUOTED, lambda quoted: _QUOTES.get(quoted[0], quoted[0]), single[1:-1])}"'
    return found["string"] or _WORDS.get(found["word"], "")


def _told(error: ValidationError, text: str) -> str:
    """Which entry is at fault, and how."""
    first = error.errors(include_url=False)[0]
    return f"{text[:60]!r}: {' '.join([*map(str, first['loc']), first['msg'].lower()])}"
