"""Contradictions between documents: sections and facts in, pairs of statements out.

Found by rule and without a model. A rule that finds less and is right serves better than a long list.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from runner.data.records import AtomicFact, Section
from runner.data.sentences import sentences
from runner.data.text import words

WORDS = 4  # of a sentence beside its numbers
MOST = 3  # values of one statement: with more, it is a form that each document fills in
# Facts that readers find by the form of a file, see `readers.register_map` and `readers.source_code`.
_FACT = re.compile(
    r"(?P<subject>The .+?) (?P<attribute>is at offset|has the (?:reset value|base address|[\w-]+)|is bits?|exists|is) "
    r"(?P<value>(?:[^:]|:(?=\d))+)\."
)
# A number by itself: that of UART0 is part of a name.
_NUMBER = re.compile(r"(?<![\w.])(?:0x[0-9a-fA-F_]+|\d+(?:[.,]\d+)*)(?![\w])")
# Whole sentences: no cells of tables, code, or bits of a vector. Dates and numbers of pages differ without a contradiction.
_WHOLE = re.compile(r"[^\W\d_][^|{}\[\];=<>]*[.!?]")
_CHANGING = re.compile(r"\b(?:copyright|version|revision|figure|table|page|chapter|section|example|see|dated?)\b", re.IGNORECASE)
# Words that name something: tx_fifo, UART0, TxFifo.
_NAME = re.compile(r"\b(?:\w+_\w+|[A-Za-z]+\d\w*|[A-Z]?[a-z]+[A-Z]\w*)\b")


@dataclass(frozen=True)
class Contradiction:
    """Two statements that differ in a value alone."""

    first: str
    first_section: str
    second: str
    second_section: str


@dataclass(frozen=True)
class _Statement:
    """A statement and the value in it."""

    text: str
    value: tuple[str, ...]
    section: str
    document: str
    about: frozenset[str]  # what names the subject outside of the statement


def contradictions(sections: Sequence[Section], facts: Sequence[AtomicFact]) -> list[Contradiction]:
    """Find pairs of statements that differ in a value alone.

    Both stand in different documents. Read facts must have the same subject and attribute. Sentences must have the same words but
    for numbers, and name their subject, or stand in documents whose titles share a rare word.
    """
    documents = {section.id: section.document for section in sections}
    of_facts = _differing(_of_facts(facts, documents))
    read = {pair.first for pair in of_facts} | {pair.second for pair in of_facts}
    return [*of_facts, *(pair for pair in _differing(_of_sentences(sections)) if pair.first not in read)]


def _differing(statements: Iterable[tuple[str, _Statement]]) -> list[Contradiction]:
    """Return pairs of one form with different values."""
    forms: defaultdict[str, list[_Statement]] = defaultdict(list)
    for form, statement in statements:
        forms[form].append(statement)
    pairs = []
    for group in forms.values():
        first, values = group[0], {(statement.document, statement.value) for statement in group}
        # A document that states several values states them of several things.
        one_each = len(values) == len({document for document, _ in values})
        if one_each and 1 < len({value for _, value in values}) <= MOST:
            other = next((part for part in group[1:] if part.value != first.value and _same_subject(first, part)), None)
            if other:
                pairs.append(Contradiction(first.text, first.section, other.text, other.section))
    return pairs


def _same_subject(first: _Statement, second: _Statement) -> bool:
    return first.document != second.document and bool(first.about & second.about)


def _of_facts(facts: Sequence[AtomicFact], documents: dict[str, str]) -> Iterator[tuple[str, _Statement]]:
    """Yield the read facts with the form that they share."""
    for fact in facts:
        if fact.origin == "read" and (match := _FACT.fullmatch(fact.text)) and fact.section in documents:
            attribute = "is bit" if match["attribute"] == "is bits" else match["attribute"]
            form = f"{match['subject']} {attribute}".casefold()
            # As words, so that 0x10 and 8'h10 are one value.
            value = tuple(words(match["value"]))
            yield form, _Statement(fact.text, value, fact.section, documents[fact.section], frozenset({form}))


def _of_sentences(sections: Sequence[Section]) -> Iterator[tuple[str, _Statement]]:
    """Yield sentences with numbers, and their words without these."""
    titles = _title_words(sections)
    for section in sections:
        # By line: a cell of a table or an item of a list often ends without a full stop.
        for written in (part for line in section.text.splitlines() for part in sentences(line)):
            sentence = written.lstrip("*-• ")
            numbers = tuple(_NUMBER.findall(sentence))
            form = " ".join(_NUMBER.sub("#", sentence).casefold().split())
            telling = _WHOLE.fullmatch(sentence) and not _CHANGING.search(sentence)
            if numbers and telling and len(form.split()) - len(numbers) >= WORDS:
                about = titles[section.document] | {*_NAME.findall(sentence)}
                yield form, _Statement(sentence, numbers, section.id, section.document, about)


def _title_words(sections: Sequence[Section]) -> dict[str, frozenset[str]]:
    """Return the rare words of each document's title."""
    titles = {section.document: {*words(section.title)} for section in sections}
    counts: defaultdict[str, int] = defaultdict(int)
    for title in titles.values():
        for word in title:
            counts[word] += 1
    # Of two documents, both may be about the same.
    most = 2 + len(titles) // 20
    return {name: frozenset(word for word in title if counts[word] <= most) for name, title in titles.items()}
