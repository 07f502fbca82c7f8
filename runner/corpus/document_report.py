"""Documents as a whole: their sections in, what repeats or contradicts itself in them out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from runner.corpus.contradictions import Contradiction, contradictions
from runner.corpus.repeated_text import Boilerplate, SimilarSections, boilerplate, similar_sections
from runner.data.records import AtomicFact, Section

LARGEST = 50_000  # sections: with more, these lists would take more memory than the sections
CHARACTERS = 80  # of a text in a note


@dataclass(frozen=True)
class DocumentReport:
    """Repeated and contradicting text of documents."""

    boilerplate: Sequence[Boilerplate] = ()
    similar: Sequence[SimilarSections] = ()
    contradictions: Sequence[Contradiction] = ()
    skipped: bool = False

    def notes(self, dropped: bool) -> Iterator[str]:
        """Yield a line for each kind, with its first example."""
        same = [pair for pair in self.similar if pair.likeness == 1]
        nearly = [pair for pair in self.similar if pair.likeness < 1]
        if self.skipped:
            yield f"more than {LARGEST:,} sections: repeated and contradicting text was not looked for"
        if self.boilerplate:
            first = self.boilerplate[0]
            advice = "they are left out" if dropped else "corpus.boilerplate=drop leaves them out"
            example = f"{_short(first.text)!r} in {len(first.documents)} documents"
            yield f"paragraphs that many documents repeat, such as licences: {len(self.boilerplate)}, such as {example}; {advice}"
        if same:
            yield f"sections that repeat another word for word: {len(same)}, such as {same[0].second} of {same[0].first}"
        if nearly:
            yield f"sections that are nearly the same as another: {len(nearly)}, such as {nearly[0].second} as {nearly[0].first}"
        if self.contradictions:
            pair = self.contradictions[0]
            yield (
                f"statements that may contradict each other: {len(self.contradictions)}, such as {_short(pair.first)!r} "
                f"({pair.first_section}) and {_short(pair.second)!r} ({pair.second_section})"
            )

    def remarks(self) -> Iterator[tuple[str, str]]:
        """Yield the whole lists: the kind, and what it is about."""
        for part in self.boilerplate:
            yield "boilerplate", f"{part.text} ({', '.join(part.documents)})"
        copies: dict[str, list[str]] = {}
        for pair in self.similar:
            if pair.likeness == 1:
                copies.setdefault(pair.first, []).append(pair.second)
        # One line for each text, however often it stands there.
        yield from (("duplicate", f"{first} is repeated by {', '.join(others)}") for first, others in copies.items())
        for pair in self.similar:
            if pair.likeness < 1:
                yield "near-duplicate", f"{pair.first} and {pair.second}, {pair.likeness:.2f} alike"
        for statements in self.contradictions:
            first, second = statements.first, statements.second
            yield "contradiction", f"{first} ({statements.first_section}) / {second} ({statements.second_section})"


def report(sections: Sequence[Section], facts: Sequence[AtomicFact]) -> DocumentReport:
    """Look through all sections."""
    if len(sections) > LARGEST:
        return DocumentReport(skipped=True)
    return DocumentReport(boilerplate(sections), similar_sections(sections), contradictions(sections, facts))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= CHARACTERS else f"{line[:CHARACTERS]}…"
