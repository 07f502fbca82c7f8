"""Reading of replies: a teacher's reply in, its entries out.

Entries are pairs, documents, statements or numbers. A reply that is a JSON array of them is read as that array. A code fence,
an object or words may surround the array. Any other reply is read entry by entry: entries that are complete are kept, and
nothing is guessed. What a person would have to complete or repair is a fault, and the teacher can be asked again.

1. A model's thinking does not count (`runner.data.thinking.aloud`).
2. Pairs and documents are JSON objects, wherever they are: in several arrays, without an array, in an array that was cut off.
   Their keys may be in any case, and a number, true or false may be an answer.
3. Statements and numbers are entries of arrays. Numbers are a verdict, so there must be exactly one array of them.
4. Text that is nearly JSON is read too (`json_text`). Control characters are left out.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from runner.data.records import Reply
from runner.data.refusals import is_refusal
from runner.data.thinking import aloud
from runner.method.forms import EXPECTED, FORMS, NOT_NUMBERED, FactPair, whole_number
from runner.method.json_text import SINGLE, STRING, load

T = TypeVar("T")

UNREADABLE, CUT_OFF, FILTERED, BROKEN = "unreadable reply", "cut off", "content filter", "unreadable entry"
THINKING, REFUSED, BEYOND = "thinking alone", "refused", "number beyond the list"
UNNUMBERED = "no number of a fact"

# Characters of a reply that are read entry by entry. This is far more than a teacher is asked for.
LONGEST = 100_000

# Made once, since to make one takes far longer than to use it.
_ADAPTERS: dict[type, TypeAdapter[Any]] = {kind: TypeAdapter(kind) for kind in FORMS}

# The patterns limit the parts of an object, and repetitions of one character are possessive (*+, ++), as in `json_text`.
# An object without another object in it. Brackets within strings do not count. The second pattern ignores strings, for a reply
# in which a quote is missing or too many.
_OBJECTS = (
    re.compile(rf"\{{(?:{STRING}|{SINGLE}|[^{{}}\"']++){{0,100}}\}}", re.DOTALL),
    re.compile(r"\{[^{}]*+\}"),
)
# An array: the entries that end with a comma, then the last one. If the text was cut off, the last one has no end, or is an
# open quote.
_ENTRY = rf"(?:{STRING}|{SINGLE}|[^\[\],\"']++){{0,100}}"
_ARRAY = re.compile(rf"(\[(?:{_ENTRY},)*)(?:({_ENTRY})(\]|\Z)|\s*+(?!{STRING}|{SINGLE})[\"'].*\Z)", re.DOTALL)
# What no text shows: it comes from damaged replies, and stops programs that read labels.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Reading(Generic[T]):
    """The complete entries of a reply, and its fault.

    `fault` is empty if everything could be read. Otherwise `correction` is the message to the teacher, and `text` the reply
    without the model's thinking. `retries` counts the requests that followed the first one, whose reply was `first`.
    """

    entries: tuple[T, ...]
    fault: str = ""
    correction: str = ""
    text: str = ""
    retries: int = 0
    first: str = ""

    def then(self, later: "Reading[T]") -> "Reading[T]":
        """Join two readings; the later one followed a correction."""
        known = set(self.entries)
        # A teacher that is asked for the rest often repeats the beginning.
        new = tuple(entry for entry in later.entries if entry not in known)
        return replace(later, entries=self.entries + new, retries=self.retries + 1, first=self.first or self.text)


def read(reply: Reply, kind: type[T], most: int = 0) -> Reading[T]:
    """Read the entries of one kind in a reply.

    The kind is Pair, FactPair, WrittenDocument, str or int. Numbers go from 1 to `most`, unless that is 0. Nothing is raised,
    whatever the text.
    """
    text = aloud(reply.text)
    if text.lstrip().startswith('"') and isinstance(decoded := load(text), str):  # some servers encode JSON twice
        text = decoded
    if (complete := _complete_array(text, kind)) is not None:
        return _within(Reading(complete, text=text), most)
    text = _CONTROL.sub("", text[:LONGEST])
    entries, faults, ended = _objects(text, kind) if issubclass(kind, BaseModel) else _arrays(text, kind)
    # These sentences are part of requests, and replies to them are kept and recorded under the request. Rewording one makes
    # them unfindable.
    readable, reason = f"entries that can be read: {len(entries)}", f" ({faults[0]})" if faults else ""
    if reply.finish == "content_filter":
        return Reading(entries, FILTERED, text=text)
    if reply.finish == "thinking" or (reply.text.strip() and not text.strip()):
        return Reading(entries, THINKING, f"That reply held thinking alone. Reply with {EXPECTED[kind]} alone.", text)
    if reply.finish == "length" or not ended:
        correction = f"That reply was cut off; {readable}. Reply with a JSON array of the rest alone."
        return Reading(entries, CUT_OFF, correction, text)
    if not entries:
        fault = REFUSED if is_refusal(text) else UNREADABLE
        return Reading(entries, fault, f"That reply can't be read{reason}. Reply with {EXPECTED[kind]} alone.", text)
    if faults:
        correction = f"Not all of that reply can be read{reason}; {readable}. Reply with a JSON array of the others alone."
        return Reading(entries, BROKEN, correction, text)
    return _within(Reading(entries, text=text), most)


def _within(reading: Reading[T], most: int) -> Reading[T]:
    """Refuse a reading with numbers beyond the list."""
    entries = tuple(map(_on_the_only_fact, reading.entries)) if most == 1 else reading.entries
    numbers = [entry.fact if isinstance(entry, FactPair) else entry for entry in entries]
    beyond = [number for number in numbers if most and isinstance(number, int) and not 1 <= number <= most]
    pairs = any(isinstance(entry, FactPair) for entry in entries)
    # One wrong number among pairs spoils its own pair alone. If the teacher counted from 0, each number means another entry.
    if not beyond or (pairs and 0 not in beyond and len(beyond) < len(entries)):
        return replace(reading, entries=entries, text="")
    wrong = 0 if 0 in beyond else beyond[0]
    names, expected = "no number" if wrong == NOT_NUMBERED else wrong, EXPECTED[FactPair if pairs else int]
    correction = f"That reply names {names}, and the list has the numbers 1 to {most}. Reply with {expected} alone."
    return Reading((), UNNUMBERED if pairs and wrong == NOT_NUMBERED else BEYOND, correction, reading.text)


def _on_the_only_fact(entry: T) -> T:
    """Give the number 1 to a pair without one."""
    return entry.model_copy(update={"fact": 1}) if isinstance(entry, FactPair) and entry.fact == NOT_NUMBERED else entry


def _complete_array(text: str, kind: type[T]) -> tuple[T, ...] | None:
    """Read the outermost array of a text.

    Return None if it is not an array of this kind.
    """
    start, end = text.find("["), text.rfind("]") + 1
    values = _loaded(text[start:end], kind) if start >= 0 else None
    try:
        return tuple(_entry(value, kind) for value in values) if isinstance(values, list) else None
    except ValidationError:
        return None


def _loaded(text: str, kind: type[Any]) -> Any:
    # A number that is an answer stays as it is written: a version 4.10 must not become 4.1.
    return load(text, parse_int=str, parse_float=str) if issubclass(kind, BaseModel) else load(text)


def _entry(value: Any, kind: type[T]) -> T:
    """Make an entry of a value; raise a ValidationError if it is none."""
    if kind is int and isinstance(value, str | float):
        number = whole_number(value)
        value = value if number is None else number
    elif isinstance(value, dict):
        # true and false are answers as a number is.
        parts = {name: json.dumps(part) if isinstance(part, bool) else part for name, part in value.items()}
        value = {name: _CONTROL.sub("", part) if isinstance(part, str) else part for name, part in parts.items()}
    elif isinstance(value, str):
        value = _CONTROL.sub("", value)
    entry: T = _ADAPTERS[kind].validate_python(value, strict=True)
    return entry


def _objects(text: str, kind: type[BaseModel]) -> tuple[tuple[Any, ...], list[str], bool]:
    """Read the objects of a kind.

    Return the entries, the faults of the objects that could not be read, and True if the last object is complete.
    """

    def is_meant(part: str) -> bool:
        # Words in braces are common in replies about code. An object is meant if it names a field of the kind.
        return any(name in part.lower() for name in kind.model_fields)

    entries, faults, begin, end = [], list[str](), 0, 0
    for match in _braced(text):
        if not is_meant(match[0]):
            continue
        begin, end = begin or match.start(), match.end()
        if not (value := _loaded(match[0], kind)):
            faults.append(f"{match[0][:60]!r} is no JSON")
            continue
        try:
            entries.append(_entry(value, kind))
        except ValidationError as error:
            faults.append(_reason(error, match[0]))
    # Not every server says that a reply was cut off. It was if an object or the array around the first one has no end.
    rest = text[end:]
    cut_within = rest.rfind("{") > rest.rfind("}") and is_meant(rest)
    cut_after = text[:begin].rstrip().endswith("[") and "]" not in rest
    return tuple(entries), faults, not (cut_within or cut_after)


def _braced(text: str) -> Iterator[re.Match[str]]:
    """Yield each {...} that contains no other.

    Of the two patterns the first that gives JSON counts; if neither does, the one that ignores strings.
    """
    place = 0
    while (start := text.find("{", place)) >= 0:
        matches = [match for pattern in _OBJECTS if (match := pattern.match(text, start))]
        chosen = [match for match in matches if load(match[0]) is not None] or matches[-1:]
        yield from chosen[:1]
        place = chosen[0].end() if chosen else start + 1


def _arrays(text: str, kind: type[T]) -> tuple[tuple[T, ...], list[str], bool]:
    """Read the arrays that have entries of a kind.

    Return the entries, the faults of the other entries there, and True if the last array is complete.
    """
    entries, faults, ended, arrays = list[T](), list[str](), True, 0
    for match in _ARRAY.finditer(text):
        closed = match[3] == "]"
        # Of an array that was cut off the last entry counts only if it is a whole string: a number may have lost digits.
        last = match[2] if closed or re.fullmatch(rf"\s*{STRING}\s*", match[2] or "", re.DOTALL) else ""
        good, bad = list[T](), list[str]()
        for value in load(f"{match[1]}{last}]") or ():
            try:
                good.append(_entry(value, kind))
            except ValidationError as error:
                bad.append(_reason(error, str(value)))
        # An array without any such entry is something else, such as a reference [1].
        if good or not closed:
            entries, faults, ended, arrays = entries + good, faults + bad, closed, arrays + 1
    if kind is int and arrays > 1:
        return (), ["it holds several arrays"], ended
    return tuple(entries), faults, ended


def _reason(error: ValidationError, text: str) -> str:
    """Name the faulty entry and its fault."""
    first = error.errors(include_url=False)[0]
    return f"{text[:60]!r}: {' '.join([*map(str, first['loc']), first['msg'].lower()])}"
