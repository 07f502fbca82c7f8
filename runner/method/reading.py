"""Reading of replies: a teacher's reply in, its entries out.

Entries are pairs, statements or numbers. A reply that is a JSON array of them is read as that array. A code fence, an object
or words may surround the array. Any other reply is read entry by entry: entries that are complete are kept, and nothing is
guessed. What a person would have to complete or repair is a fault, and the teacher can be asked again.

1. A model's thinking does not count (`runner.data.text.aloud`).
2. Pairs are JSON objects, wherever they are: in several arrays, without an array, in an array that was cut off. Their keys
   may be in any case, and a number may be an answer.
3. Statements and numbers are entries of arrays. Numbers are a verdict, so there must be exactly one array of them.
4. Comments, trailing commas, single quotes, and Python's None, True and False are read too.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from runner.data.records import Reply
from runner.data.text import aloud

T = TypeVar("T")

UNREADABLE, CUT_OFF, FILTERED, BROKEN = "unreadable reply", "cut off", "content filter", "unreadable entry"

# Characters of a reply that are read entry by entry. This is far more than a teacher is asked for.
LONGEST = 100_000

# The patterns limit the length of a string and the parts of an object, and most repetitions are possessive (*+, ++). Without
# that, a reply of nothing but quotes and brackets would take minutes.
_STRING = r'"(?:[^"\\]|\\.){0,2000}+"'
_SINGLE = r"'(?:[^'\\]|\\.){0,2000}+'"
# An object without another object in it. Brackets within strings do not count. The second pattern ignores strings, for a reply
# in which a quote is missing or too many.
_OBJECTS = (
    re.compile(rf"\{{(?:{_STRING}|{_SINGLE}|[^{{}}\"']++){{0,100}}+\}}", re.DOTALL),
    re.compile(r"\{[^{}]*+\}"),
)
# An array: the entries that end with a comma, then the last one. If the text was cut off, the last one has no end, or is an
# open quote.
_ENTRY = rf"(?:{_STRING}|{_SINGLE}|[^\[\],\"']++){{0,100}}+"
_ARRAY = re.compile(rf"(\[(?:{_ENTRY},)*+)(?:({_ENTRY})(\]|\Z)|\s*+(?!{_STRING}|{_SINGLE})[\"'].*\Z)", re.DOTALL)
_COMMENT = r"(?://|\#)[^\n]*+"
_PYTHON = re.compile(
    rf"(?P<string>{_STRING})|(?P<single>{_SINGLE})|{_COMMENT}|,(?=(?:\s|{_COMMENT})*+[\]}}])|\b(?P<word>None|True|False)\b",
    re.DOTALL,
)
_WORDS = {"None": "null", "True": "true", "False": "false"}
# What must be written differently when 'single' quotes become "double" ones.
_QUOTED, _QUOTES = re.compile(r"\\.|\"", re.DOTALL), {"\\'": "'", '"': '\\"'}


# The three lists below are sent to hosts as JSON schemas, which hold the model to the form of its reply. They are objects with
# one field, since hosts do not accept an array at the top. pydantic writes class names and docstrings into a schema, and the
# register of batches finds a paid request by the digest of all that was sent. So the descriptions are fixed here: a docstring
# can then be reworded without a request being paid for twice. For the same reason these classes keep their names.
def _described(description: str) -> ConfigDict:
    return ConfigDict(frozen=True, json_schema_extra={"description": description})


class Pair(BaseModel):
    """A question/answer pair as a teacher writes it."""

    model_config = _described("One question/answer pair as a teacher writes it.")

    question: str
    answer: str


class PairList(BaseModel):
    """Schema of a reply that lists pairs."""

    model_config = _described("The form of a reply of pairs: an object, since that is what servers can hold a model to.")

    pairs: list[Pair]


class StatementList(BaseModel):
    """Schema of a reply that lists statements."""

    model_config = _described("The form of a reply of statements.")

    statements: list[str]


class NumberList(BaseModel):
    """Schema of a reply that lists numbers."""

    model_config = _described("The form of a reply of numbers.")

    numbers: list[int]


FORMS: dict[type, type[BaseModel]] = {Pair: PairList, str: StatementList, int: NumberList}


@dataclass(frozen=True)
class Reading(Generic[T]):
    """The complete entries of a reply, and its fault.

    `fault` is empty if everything could be read. Otherwise `correction` is the message to the teacher, and `text` the reply
    without the model's thinking. `retries` counts the requests that followed the first one.
    """

    entries: tuple[T, ...]
    fault: str = ""
    correction: str = ""
    text: str = ""
    retries: int = 0

    def then(self, later: "Reading[T]") -> "Reading[T]":
        """Join two readings; the later one followed a correction."""
        known = set(self.entries)
        # A teacher that is asked for the rest often repeats the beginning.
        new = tuple(entry for entry in later.entries if entry not in known)
        return replace(later, entries=self.entries + new, retries=self.retries + 1)


def read(reply: Reply, kind: type[T]) -> Reading[T]:
    """Read the entries of one kind in a reply.

    The kind is Pair, str or int. Nothing is raised, whatever the text.
    """
    text = aloud(reply.text)
    # The whole reply is tried first: a pair about thinking tags is no thinking.
    for candidate in (reply.text, text):
        if (complete := _complete_array(candidate, kind)) is not None:
            return Reading(complete)
    text = text[:LONGEST].replace("\0", "")
    entries, faults, ended = _objects(text, kind) if issubclass(kind, BaseModel) else _arrays(text, kind)
    # These sentences are part of requests, and replies to them are kept and recorded under the request. Rewording one makes
    # them unfindable.
    readable, reason = f"entries that can be read: {len(entries)}", f" ({faults[0]})" if faults else ""
    if reply.finish == "content_filter":
        return Reading(entries, FILTERED, text=text)
    if reply.finish == "length" or not ended:
        correction = f"That reply was cut off; {readable}. Reply with a JSON array of the rest alone."
        return Reading(entries, CUT_OFF, correction, text)
    if not entries:
        return Reading(entries, UNREADABLE, f"That reply can't be read{reason}. Reply with the JSON array alone.", text)
    if faults:
        correction = f"Not all of that reply can be read{reason}; {readable}. Reply with a JSON array of the others alone."
        return Reading(entries, BROKEN, correction, text)
    return Reading(entries)


def _complete_array(text: str, kind: type[T]) -> tuple[T, ...] | None:
    """Read the outermost array of a text as JSON.

    Return None if it is not an array of this kind, or if it is within the model's thinking.
    """
    start, end = text.find("["), text.rfind("]") + 1
    around = f"{text[:start]} {text[end:]}"
    if start < 0 or aloud(around) != around:
        return None
    try:
        return tuple(TypeAdapter(list[kind]).validate_json(text[start:end], strict=True))  # type: ignore[valid-type]
    except ValidationError:  # raised for invalid JSON too: nested too deeply, or half of a surrogate pair
        return None


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
        # Numbers stay as they are written: a version 4.10 must not become 4.1.
        value = _loaded(match[0], parse_int=str, parse_float=str)
        if not value:
            faults.append(f"{match[0][:60]!r} is no JSON")
            continue
        try:
            entries.append(kind.model_validate({key.strip().lower(): value[key] for key in value}, strict=True))
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
        chosen = [match for match in matches if _loaded(match[0]) is not None] or matches[-1:]
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
        last = match[2] if closed or re.fullmatch(rf"\s*{_STRING}\s*", match[2] or "", re.DOTALL) else ""
        good, bad = list[T](), list[str]()
        for value in _loaded(f"{match[1]}{last}]") or ():
            try:
                good.append(TypeAdapter(kind).validate_python(value, strict=True))
            except ValidationError as error:
                bad.append(_reason(error, str(value)))
        # An array without any such entry is something else, such as a reference [1].
        if good or not closed:
            entries, faults, ended, arrays = entries + good, faults + bad, closed, arrays + 1
    if kind is int and arrays > 1:
        return (), ["it holds several arrays"], ended
    return tuple(entries), faults, ended


def _loaded(text: str, **numbers: Any) -> Any:
    """Parse JSON, if necessary after Python's spelling is replaced.

    Return None if it is neither.
    """
    for written in (text, _PYTHON.sub(_as_json, text)):
        try:
            value = json.loads(written, strict=False, **numbers)
            json.dumps(value, ensure_ascii=False).encode()  # raises for half of a surrogate pair, which no later step can write
            return value
        except (ValueError, RecursionError):
            continue
    return None


def _as_json(match: re.Match[str]) -> str:
    """Write a piece of Python as JSON; comments and trailing commas as nothing."""
    if single := match["single"]:
        return f'"{re.sub(_QUOTED, lambda quoted: _QUOTES.get(quoted[0], quoted[0]), single[1:-1])}"'
    return match["string"] or _WORDS.get(match["word"], "")


def _reason(error: ValidationError, text: str) -> str:
    """Name the faulty entry and its fault."""
    first = error.errors(include_url=False)[0]
    return f"{text[:60]!r}: {' '.join([*map(str, first['loc']), first['msg'].lower()])}"
