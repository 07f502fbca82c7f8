"""Rows of an exam in, notes on likely mistakes out."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from runner.data.records import Section
from runner.data.text import numeric, words

SHORT = 3  # words; a longer answer may say in other words what the section says
NEAR = 6  # words that may stand between those of a short answer
EXAMPLES = 3
NOT_STATED = {"yes", "no", "true", "false"}  # answers that no text needs to hold


@dataclass(frozen=True)
class Stated:
    """An answer in its forms, and where both were found."""

    where: str  # file:line
    answers: Sequence[str]  # the reference and its aliases
    section: str  # its id; empty if the row names none
    figures_only: bool = False  # a person's label often answers in words of its own


@dataclass(frozen=True)
class IndexedText:
    """The words of a text, and the places of each."""

    words: Sequence[str]
    table: bool = False  # it has one, whose head stands far from most cells
    # An index, since many answers are looked for in one text.
    places: dict[str, list[int]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Fill the index."""
        for place, word in enumerate(self.words):
            self.places.setdefault(word, []).append(place)


def answers_not_stated(rows: Sequence[Stated], sections: Sequence[Section]) -> Iterator[str]:
    """Yield a note if answers stand nowhere in their sections.

    The words of a short answer are looked for near each other, of a long one only the figures. An answer without a section is
    looked for in all of them.
    """
    # Words take twenty times the memory of a text, so only those of sections that rows name are held together.
    named = {row.section for row in rows}
    texts = {section.id: _indexed(section) for section in sections if section.id in named}
    somewhere = _stated_in_any([row for row in rows if row.section not in texts], sections)
    missing = [
        row for row in rows if not (_is_stated(row, texts[row.section]) if row.section in texts else row.where in somewhere)
    ]
    if missing:
        examples = _examples([f"{row.where} ({row.answers[0]!r})" for row in missing])
        yield (
            f"{len(missing)} of {len(rows)} answers stand nowhere in their section: {examples}. If a document was changed, "
            "change these answers too"
        )


def single_categories(categories: Sequence[str]) -> Iterator[str]:
    """Yield a note if categories have a single question.

    Nothing is said where every category has one.
    """
    counts = Counter(categories)
    single = sorted(category for category, count in counts.items() if count == 1)
    if single and max(counts.values()) > 1:
        shown = _examples([_with_neighbour(category, counts) for category in single])
        yield f"categories of the exam with one question, which may be misspelt: {shown}"


def _examples(items: Sequence[str]) -> str:
    more = f" and {len(items) - EXAMPLES} more" if len(items) > EXAMPLES else ""
    return f"{', '.join(items[:EXAMPLES])}{more}"


def _indexed(section: Section) -> IndexedText:
    # A score such as 4-2 is one word. Each of its sides may be an answer too.
    joined = words(f"{section.title} . {section.heading} . {section.text}")
    parts = [_singular(part) for word in joined for part in (word, *(word.split("-") if "-" in word[1:] else ()))]
    return IndexedText(parts, table="|" in {line[:1] for line in section.text.splitlines()})


def _singular(word: str) -> str:
    """Remove the s of a plural; a text of bits 7 and 8 states bit 7."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _is_stated(row: Stated, text: IndexedText) -> bool:
    forms = _forms(row)
    return not forms or any(_stands_in(text, parts) for parts in forms)


def _stated_in_any(rows: Sequence[Stated], sections: Sequence[Section]) -> set[str]:
    """Return the places of rows that the sections state."""
    waiting = [(row, forms) for row in rows if (forms := _forms(row))]
    stated = {row.where for row in rows if not _forms(row)}
    for section in sections:
        if not waiting:
            break
        text = _indexed(section)
        # Figures of a long answer may stand in several sections.
        waiting = [(row, [_still_missing(text, parts) for parts in forms]) for row, forms in waiting]
        stated |= {row.where for row, forms in waiting if not all(forms)}
        waiting = [(row, forms) for row, forms in waiting if all(forms)]
    return stated


def _still_missing(text: IndexedText, parts: Sequence[str]) -> Sequence[str]:
    """Return what is to be looked for in further texts."""
    if all(numeric(word) for word in parts):
        return [word for word in parts if word not in text.places]
    return () if _stands_in(text, parts) else parts


def _forms(row: Stated) -> list[Sequence[str]]:
    """Return what can be looked for of each answer."""
    reference, *aliases = [_looked_for(answer, row.figures_only) for answer in row.answers]
    # Where the reference can't be looked for, no alias decides. An alias that can't is no proof either.
    return [parts for parts in (reference, *aliases) if parts] if reference else []


def _looked_for(answer: str, figures_only: bool) -> list[str]:
    """Return the words that a text must hold; none if any may."""
    parts = [_singular(word) for word in words(answer)]
    if len(parts) <= SHORT and not figures_only:
        return [] if NOT_STATED & set(parts) else parts
    return [word for word in parts if numeric(word)]


def _stands_in(text: IndexedText, parts: Sequence[str]) -> bool:
    wanted = set(parts)
    if not wanted <= text.places.keys():
        return False
    if text.table or all(numeric(word) for word in parts):  # figures of a long answer may stand far from each other
        return True
    # In any order, since 3 May 2031 is May 3, 2031, but near each other.
    size = len(parts) + NEAR
    begins = (place for word in wanted for place in text.places[word])
    return any(wanted <= set(text.words[max(0, place - 1) : place + size]) for place in begins)


def _with_neighbour(category: str, counts: Mapping[str, int]) -> str:
    # A question of one category is no reason to doubt another: only a larger one is named.
    larger = [other for other, count in counts.items() if count > 1]
    small = category.casefold()
    # difflib finds no exchanged letters in a short name: dam and dma share two of three in their order. Names of the same
    # letters are rarely two categories.
    exchanged = [other for other in larger if sorted(other.casefold()) == sorted(small)]
    near = exchanged or [other for other in larger if get_close_matches(small, [other.casefold()], 1, 0.8)]
    return f"{category!r} (did you mean {near[0]!r}?)" if near else repr(category)
