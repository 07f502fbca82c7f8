"""Rows of an exam in, notes on likely mistakes out."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from runner.data.records import Section
from runner.data.text import numeric, words

SHORT = 3  # words; a longer answer may say in other words what the section says
EXAMPLES = 3
NOT_STATED = {"yes", "no", "true", "false"}  # answers that no text needs to hold


@dataclass(frozen=True)
class Stated:
    """An answer in its forms, and where both were found."""

    where: str  # file:line
    answers: Sequence[str]  # the reference and its aliases
    section: str  # its id; empty if the row names none


def answers_not_stated(rows: Sequence[Stated], sections: Sequence[Section]) -> Iterator[str]:
    """Yield a note if answers stand nowhere in their sections.

    Of a long answer only the figures are looked for. An answer without a section is looked for in all of them.
    """
    texts = {section.id: _words(section) for section in sections}
    everything = set[str]().union(*texts.values())
    missing = [row for row in rows if not any(_is_stated(answer, texts.get(row.section, everything)) for answer in row.answers)]
    if missing:
        examples = ", ".join(f"{row.where} ({row.answers[0]!r})" for row in missing[:EXAMPLES])
        more = f" and {len(missing) - EXAMPLES} more" if len(missing) > EXAMPLES else ""
        yield (
            f"{len(missing)} of {len(rows)} answers stand nowhere in their section: {examples}{more}. If a document was changed, "
            "change these answers too"
        )


def single_categories(categories: Sequence[str]) -> Iterator[str]:
    """Yield a note if categories have a single question.

    Nothing is said where every category has one.
    """
    counts = Counter(categories)
    single = sorted(category for category, count in counts.items() if count == 1)
    if single and max(counts.values()) > 1:
        shown = ", ".join(_with_neighbour(category, counts) for category in single[:EXAMPLES])
        more = f" and {len(single) - EXAMPLES} more" if len(single) > EXAMPLES else ""
        yield f"categories of the exam with one question, which may be misspelt: {shown}{more}"


def _words(section: Section) -> set[str]:
    return set(words(f"{section.title} . {section.heading} . {section.text}"))


def _is_stated(answer: str, text: set[str]) -> bool:
    parts = words(answer)
    figures = [word for word in parts if numeric(word)]
    if not figures and (len(parts) > SHORT or NOT_STATED & set(parts)):
        return True
    return all(word in text for word in figures or parts)


def _with_neighbour(category: str, counts: Mapping[str, int]) -> str:
    # A question of one category is no reason to doubt another: only a larger one is named.
    larger = [other for other, count in counts.items() if count > 1]
    near = get_close_matches(category, larger, 1, 0.8)
    return f"{category!r} (did you mean {near[0]!r}?)" if near else repr(category)
