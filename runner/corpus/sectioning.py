"""Sections of a document: a document in Markdown in, sections out."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count, groupby
from pathlib import PurePosixPath

from runner.corpus.categories import TOP, category
from runner.corpus.outline import Part, outline
from runner.corpus.readers import Document
from runner.data.long_text import split
from runner.data.records import AtomicFact, Section
from runner.data.text import count as tokens
from runner.data.text import one_form

BETWEEN = " > "  # the headings of a section
LONGEST = 1500  # tokens of a section, if a corpus sets nothing else: about 2,000 of a model's own tokens
SHORTEST = 20  # tokens: parts under one heading that are shorter are joined
JOINED = 300  # the most tokens that joined parts have
# Comments, pictures and links. A text of nothing else tells nothing.
_SILENT = re.compile(
    r"<!--.*?-->|<img[^>]*>|!?\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])|^\[[^\]]+\]:[^\n]*$|<?https?://[^\s>]+>?",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True, kw_only=True)
class Sectioning:
    """The sections of a document, with notes for people.

    `others` are further names by which an exam may refer to sections: a heading without those above it, a part that was joined.
    """

    sections: tuple[Section, ...]
    facts: tuple[AtomicFact, ...] = ()
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # name to ids
    notes: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()  # what would be sections, but holds comments, pictures or links alone
    cut: tuple[str, ...] = ()  # sections that were too long, with their numbers of tokens and parts


@dataclass(frozen=True)
class _Piece:
    """Text of one section, with headings."""

    headings: tuple[str, ...]
    text: str
    lines: range  # of the document
    parts: tuple[tuple[str, ...], ...]  # the headings of each part that it is made of


def sections(path: PurePosixPath, document: Document, longest: int, rule: str = TOP) -> Sectioning:
    """Split a document into sections, in their order.

    `path` is the file's path in the folder of documents. A section has at most `longest` tokens; a longer one is split. A
    heading without text gives no section, but stands before the headings below it. The category follows `rule` (see
    `categories.category`), unless the document names its own.
    """
    whole = Part((), document.markdown, range(document.markdown.count("\n") + 1))
    first, parts = outline(document.markdown) if document.headings else ("", [whole])
    title = document.title or first or path.stem.replace("-", " ").replace("_", " ")
    own = one_form(document.category) or category(path, rule)
    filled = [replace(part, text=part.text.strip()) for part in parts if part.text.strip()]
    silent = {part.lines: part for part in filled if not re.search(r"\w", _SILENT.sub("", part.text))}
    telling = (part for part in filled if part.lines not in silent)
    stated = _by_line(document.facts)
    made, facts, cut = list[Section](), list[AtomicFact](), list[str]()
    others: dict[str, list[str]] = {}
    stop = 0  # of the piece before: facts under a heading without text belong to the next piece
    for name, piece in _named(_pieces(telling), title):
        texts = _cut(piece.text, longest)
        ids = [f"{path}#{name}" + (f" [part {number}]" if len(texts) > 1 else "") for number in range(1, len(texts) + 1)]
        if len(texts) > 1:
            cut.append(f"{path}#{name} ({tokens(piece.text)} tokens, {len(texts)} parts)")
        heading, place = BETWEEN.join(piece.headings) or title, _place(document, piece.lines.start)
        common = {"document": str(path), "title": title, "heading": heading, "category": own, "place": place}
        made += (Section(id=key, text=text, **common) for key, text in zip(ids, texts, strict=True))
        facts += _placed([fact for line in range(stop, piece.lines.stop) for fact in stated.get(line, ())], texts, ids, own)
        stop = piece.lines.stop
        for other in _other_names(name, piece):
            others.setdefault(f"{path}#{other}", []).extend(ids)
    return Sectioning(
        sections=tuple(made),
        facts=tuple(facts),
        others={name: tuple(ids) for name, ids in others.items() if ids != [name]},
        notes=document.notes,
        silent=tuple(f"{path}#{BETWEEN.join(part.headings) or title}" for part in silent.values()),
        cut=tuple(cut),
    )


def _by_line(facts: Iterable[tuple[int, str]]) -> Mapping[int, Sequence[str]]:
    """Group facts by their line."""
    grouped: defaultdict[int, list[str]] = defaultdict(list)
    for line, fact in facts:
        grouped[line].append(fact)
    return grouped


def _cut(text: str, longest: int) -> list[str]:
    return [text] if tokens(text) <= longest else list(split(text, longest, tokens))


def _pieces(parts: Iterable[Part]) -> Iterator[_Piece]:
    """Join short parts that stand together under one heading."""
    for above, run in groupby(parts, lambda part: part.headings[:-1]):
        # Under the headings of the highest level, every part is a section, however short.
        for joined in _joined(list(run)) if above else ([part] for part in run):
            headings = above if len(joined) > 1 else joined[0].headings
            text = "\n\n".join(map(_with_heading, joined)) if len(joined) > 1 else joined[0].text
            lines = range(joined[0].lines.start, joined[-1].lines.stop)
            yield _Piece(headings, text, lines, tuple(part.headings for part in joined))


def _joined(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """Group parts: short ones that follow each other are one group."""
    group: list[Part] = []
    for part in parts:
        size = tokens(part.text)
        if group and (size >= SHORTEST or sum(tokens(earlier.text) for earlier in group) + size > JOINED):
            yield group
            group = []
        group.append(part)
        if size >= SHORTEST:
            yield group
            group = []
    if group:
        yield group


def _with_heading(part: Part) -> str:
    """Write a part's own heading before its text."""
    return part.headings[-1] + (f"\n\n{part.text}" if "\n" in part.text else f": {part.text}")


def _named(pieces: Iterable[_Piece], title: str) -> Iterator[tuple[str, _Piece]]:
    """Give each piece a unique name."""
    taken: set[str] = set()
    for piece in pieces:
        heading = BETWEEN.join(piece.headings) or title
        # An exam refers to a section by its id, so a second "Final" in a document becomes "Final (2)".
        numbered = (f"{heading} ({number})" for number in count(2))
        name = next(form for form in chain([heading], numbered) if form not in taken)
        taken.add(name)
        yield name, piece


def _other_names(name: str, piece: _Piece) -> set[str]:
    """Return the names that a person may use."""
    # A section that was split is called by its whole name too.
    paths = {BETWEEN.join(headings) for headings in piece.parts} | {headings[-1] for headings in piece.parts if headings}
    return (paths | {name, *piece.headings[-1:]}) - {""}


def _placed(facts: Sequence[str], texts: Sequence[str], ids: Sequence[str], category: str) -> Iterator[AtomicFact]:
    """Yield facts with the id of the nearest text."""
    words = [frozenset(text.split()) for text in texts] if facts else []
    for fact in facts:
        wanted = frozenset(fact.split())
        nearest = max(range(len(words)), key=lambda place: len(wanted & words[place]))
        yield AtomicFact(section=ids[nearest], text=fact, category=category, origin="read")


def _place(document: Document, line: int) -> str:
    """Name the place of a line in the file."""
    if not document.places:
        return f"line {document.skipped + line + 1}"
    at = bisect_right([first for first, _ in document.places], line)
    return document.places[max(at - 1, 0)][1]
