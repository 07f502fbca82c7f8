"""Links from labels to facts: labels and an exam in, stated facts out.

Token labels name no fact, so a rule on words decides which facts of the exam a label states. It is the same for the labels of
every method, and ignores the fact that a label may name. A label's words are those of its question and answer, normalised by
`runner.data.text.words` (a number word is a number, a score is one word) and then stemmed. Names such as CTRL_A or 0x1F count as
a whole too. A label states a fact if all of this holds:

1. It contains every word of a reference answer, or of an alias, of a question on the fact. Otherwise it could not answer any of
   the questions.
2. If its answer has numbers, one of them is in the fact or its questions, as a whole or as a side of a score.
3. It covers enough of the fact: the fact's words that it contains have at least the share `INSIDE` of the weight of all the
   fact's words if both are of the same section, `ELSEWHERE` if they are of different sections, and `UNKNOWN` if one of them
   names no section.
4. It covers this fact about as well as any other: at least `RIVAL` times the best share among the facts that rules 1 and 2
   allow.

A label without a question is a text, such as a section. It may state many facts, so rules 2 and 4 do not apply to it. By rule 3
it needs the share `ELSEWHERE` where no section is named, since a long text has some words of every fact.

The weight of a word is -log of the share of facts that contain it, in their text, questions or answers. This is the share among
the facts of the same document, moved towards the share in the whole exam with the weight of `PRIOR` facts, since a document may
have only one fact. So the name of an event, which all facts of its document contain, has almost no weight. A question without a
fact is a fact of its own. If a fact's text contains no answer to its questions, as an id (F-001) does not, the questions and
answers are taken as its text.

The rule knows only words. It takes "Belgium's player scored" for Belgium's goal, misses a number that a label takes apart (14
games won and 3 lost is a 14-3 record), and knows no synonyms outside the section. bench/links.py measures its errors.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.data.records import Label, Question
from runner.data.text import numeric, parts, plain, signs, words

# Chosen on 42 labels that were linked by hand, and measured on 138 others (bench/links.py). A label of the fact's own section
# needs little more than the answer; one of another section must repeat most of the fact.
INSIDE, UNKNOWN, ELSEWHERE = 0.15, 0.35, 0.7
RIVAL = 0.7
PRIOR = 10
_HEXADECIMAL = re.compile(r"\b0x[0-9a-f]+\b")
_NAME = re.compile(rf"{_HEXADECIMAL.pattern}|\b[a-z]\w*[\d_]\w*\b")
SIDES = re.compile(r"(?<=\d)-")  # between the two sides of a score
_FILL = "0"  # a text with one word
BLOCK = 10_000  # labels that are linked at once: a table of all labels by all facts may not fit into memory

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
# A sparse matrix of scipy, texts by words, with a 1 for each word that a text contains. scipy has no type hints.
Bags = Any


@dataclass(frozen=True)
class _Fact:
    """A fact of the exam, with its questions."""

    cluster: str  # the fact's text, or the id of a question without a fact
    text: str
    section: str
    questions: tuple[Question, ...]

    @property
    def document(self) -> str:
        """Document of the fact's section."""
        return self.section.split("#")[0]

    @property
    def references(self) -> set[str]:
        """Answers that are correct for any of its questions."""
        return {form for question in self.questions for form in (question.answer, *question.aliases)}

    @property
    def everything(self) -> str:
        """Text, questions and answers together."""
        return " ; ".join([self.text, *(question.question for question in self.questions), *sorted(self.references)])


def linked(labels: Sequence[Label], questions: Sequence[Question]) -> list[frozenset[str]]:
    """Return the facts that each label states.

    Facts are named by `Question.cluster`. The rules are at the top of this module.
    """
    facts = _facts(questions)
    if not facts:
        return [frozenset() for _ in labels]
    blocks = (labels[start : start + BLOCK] for start in range(0, len(labels), BLOCK))
    return [stated_facts for block in blocks for stated_facts in _linked(block, facts)]


def _linked(labels: Sequence[Label], facts: list[_Fact]) -> list[frozenset[str]]:
    """Return the facts that each label states."""
    texts = [f"{label.question} ; {label.answer}" for label in labels]
    # Everything is a table of labels (rows) by facts (columns). Loops over both would take minutes for a large exam.
    whole = _without_question(labels)
    allowed = _answered(texts, facts) & (whole | _numbers_agree(labels, facts))
    covered = np.where(allowed, _covered(texts, facts), 0)
    links = allowed & (covered >= _least(labels, facts)) & (whole | (covered >= RIVAL * covered.max(1, keepdims=True)))
    return [frozenset(facts[number].cluster for number in np.flatnonzero(row)) for row in links]


def stated(labels: Sequence[Label], questions: Sequence[Question]) -> dict[str, int]:
    """Count the labels that state each fact of the exam.

    The facts are in the order of their questions.
    """
    counts = Counter(fact for facts in linked(labels, questions) for fact in facts)
    return {question.cluster: counts[question.cluster] for question in questions}


def _facts(questions: Sequence[Question]) -> list[_Fact]:
    """Group questions by fact, in the order of the exam."""
    by_fact: dict[str, list[Question]] = {}
    for question in questions:
        by_fact.setdefault(question.cluster, []).append(question)
    return [
        _Fact(
            cluster=name,
            text=_text(own),
            section=next((question.section for question in own if question.section), ""),
            questions=tuple(own),
        )
        for name, own in by_fact.items()
    ]


def _text(questions: Sequence[Question]) -> str:
    """Return the text of a fact, given its questions."""
    stems = _stems(questions[0].fact)
    if any(_stems(form) <= stems for question in questions for form in (question.answer, *question.aliases)):
        return questions[0].fact
    return " ; ".join(f"{question.question} ; {question.answer}" for question in questions)


def stemmed(chosen: Iterable[str]) -> set[str]:
    """Return the stems of words; numbers stay as they are."""
    import Stemmer  # imported when it is needed, so that commands that stem nothing start faster

    stem = Stemmer.Stemmer("english").stemWord
    return {word if numeric(word) else stem(word) for word in chosen}


def _stems(text: str) -> set[str]:
    """Return the stemmed words of a text, and its names."""
    # Of a script without spaces no word is known, so its signs and their pairs count.
    return stemmed(part for word in words(text) for part in parts(word)) | {*signs(text)} | set(_NAME.findall(plain(text)))


def _numbers(text: str) -> set[str]:
    """Return the numbers of a text.

    A score gives three: 4-2, 4 and 2. Digits within names (CTRL_1) are no numbers.
    """
    text = plain(text)
    numbers = [word for word in words(_NAME.sub(" ", text)) if numeric(word)]
    return {part for number in numbers for part in (number, *SIDES.split(number))} | set(_HEXADECIMAL.findall(text))


def _bags(analyzer: Callable[[str], set[str]], *groups: Sequence[str]) -> list[Bags]:
    """Make a matrix for each group of texts.

    All have the same words as columns.
    """
    from sklearn.feature_extraction.text import CountVectorizer

    vectorizer = CountVectorizer(analyzer=analyzer, binary=True, dtype=np.float64)
    everything = [text for group in groups for text in group]
    # CountVectorizer raises an error if no text has a word; so one that has is added.
    bags = vectorizer.fit_transform([*everything, _FILL])
    ends = np.cumsum([len(group) for group in groups])
    return [bags[end - len(group) : end] for end, group in zip(ends, groups, strict=True)]


def _without_question(labels: Sequence[Label]) -> Flags:
    """Return a row for each label, True for a text."""
    return np.array([not label.question for label in labels], dtype=np.bool_)[:, None]


def _answered(texts: Sequence[str], facts: Sequence[_Fact]) -> Flags:
    """Apply rule 1 to labels (rows) and facts (columns)."""
    owners, forms = zip(*[(number, form) for number, fact in enumerate(facts) for form in sorted(fact.references)], strict=True)
    labels, references = _bags(_stems, texts, forms)
    shared, sizes = (labels @ references.T).tocoo(), np.asarray(references.sum(1)).ravel()
    # A label contains a reference if it shares as many words with it as the reference has.
    complete = shared.data == sizes[shared.col]
    answered = np.zeros((len(texts), len(facts)), dtype=np.bool_)
    answered[shared.row[complete], np.array(owners)[shared.col[complete]]] = True
    return answered


def _numbers_agree(labels: Sequence[Label], facts: Sequence[_Fact]) -> Flags:
    """Apply rule 2 to labels (rows) and facts (columns)."""
    answers, known = _bags(_numbers, [label.answer for label in labels], [fact.everything for fact in facts])
    agree: Flags = np.asarray((answers @ known.T).toarray() > 0) | np.asarray(answers.sum(1) == 0)
    return agree


def _covered(texts: Sequence[str], facts: Sequence[_Fact]) -> Array:
    """Return the share of a fact that a label covers.

    Labels are rows, facts are columns.
    """
    labels, stated, known = _bags(_stems, texts, [fact.text for fact in facts], [fact.everything for fact in facts])
    weights = _weights(stated, known, [fact.document for fact in facts])
    # The least positive float stands in for 0: a fact whose words all have no weight is covered by nothing.
    shares: Array = (labels @ weights.T).toarray() / np.maximum(np.asarray(weights.sum(1)).ravel(), np.finfo(float).tiny)
    return shares


def _weights(texts: Bags, known: Bags, documents: Sequence[str]) -> Bags:
    """Replace each 1 in a matrix by its word's weight.

    `known` has the words that a fact counts as containing: those of its text, questions and answers.
    """
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

    _, numbers = np.unique(documents, return_inverse=True)
    beside = csr_matrix((np.ones(len(documents)), (numbers, np.arange(len(documents))))) @ known  # documents by words
    # With half a fact more, no share is 0 or 1, whose logarithms would be no weights.
    overall = (np.asarray(known.sum(0)).ravel() + 0.5) / (len(documents) + 1)
    weights = texts.tocoo()
    here = numbers[weights.row]
    inside = np.asarray(beside[here, weights.col]).ravel()
    weights.data = -np.log((inside + PRIOR * overall[weights.col]) / (np.bincount(numbers)[here] + PRIOR))
    return weights.tocsr()


def _least(labels: Sequence[Label], facts: Sequence[_Fact]) -> Array:
    """Return the least share by rule 3.

    Labels are rows, facts are columns.
    """
    ours = np.array([label.section for label in labels], dtype=object)[:, None]
    theirs = np.array([fact.section for fact in facts], dtype=object)[None, :]
    unknown = np.where(_without_question(labels), ELSEWHERE, UNKNOWN)
    return np.where((ours == "") | (theirs == ""), unknown, np.where(ours == theirs, INSIDE, ELSEWHERE))
