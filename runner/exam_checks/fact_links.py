"""Labels and the exam in; for each label the examined facts that it states out, by its words alone.

Token labels name no fact, so that this rule says what they cover; it is the same for labels of every method, and does not
look at the fact that a label may name. The words of a label are those of its question and answer together, normalised as for
grading (a number word is a number, a score one word) and then stemmed; names such as CTRL_A or 0x1F also count whole. A
label states a fact where all of this holds:

1. It holds every word of the reference answer, or of an alias, of a question on the fact: without it, no question could
   be answered.
2. Where its answer has numbers, one of them is in the fact or its questions, as a whole or as a side of a score.
3. It covers enough of the fact: the words of the fact that it holds weigh `INSIDE` or more of all of the fact's words where
   both come from one section, `ELSEWHERE` where their sections differ, and `UNKNOWN` where either names none.
4. It covers that fact about as well as any other: `RIVAL` or more of the best that rules 1 and 2 let through.

A word weighs -log of the share of facts that have it, in their text, questions and answers: the share among the facts of
the same document, drawn towards that of the whole exam by as much as `PRIOR` facts would (a document may have one fact).
So the name of the event, which all facts of its document share, weighs next to nothing. A question without a fact stands
for one of its own. Where a fact holds no answer of its questions, as an id (F-001) does not, its text is these questions with
their answers.

It is a rule on words. It takes "Belgium's player scored" for Belgium's goal, misses a number that the label takes apart
(14 games won and 3 lost is a 14-3 record), and knows no synonyms outside the section. bench/links.py measures how often.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.data.records import Label, Question
from runner.data.text import numeric, plain, words

INSIDE, UNKNOWN, ELSEWHERE = 0.15, 0.35, 0.7  # least share of a fact's weight that a label covers
RIVAL = 0.7
PRIOR = 10
_HEXADECIMAL = re.compile(r"\b0x[0-9a-f]+\b")
_NAME = re.compile(rf"{_HEXADECIMAL.pattern}|\b[a-z]\w*[\d_]\w*\b")
_SIDES = re.compile(r"(?<=\d)-")  # of a score
_FILL = "0"

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Bags = Any  # scipy's sparse matrix of texts by words, 1 where the text holds the word; scipy ships no types


@dataclass(frozen=True)
class _Fact:
    """A fact as the exam knows it: what its questions stand or fall with, its text, where it stands, and its questions."""

    cluster: str
    text: str
    section: str
    questions: tuple[Question, ...]

    @property
    def document(self) -> str:
        """The document of its section."""
        return self.section.split("#")[0]

    @property
    def references(self) -> set[str]:
        """The answers that count as right for any of its questions."""
        return {form for question in self.questions for form in (question.answer, *question.aliases)}

    @property
    def everything(self) -> str:
        """Its text with its questions and their answers."""
        return " ; ".join([self.text, *(question.question for question in self.questions), *sorted(self.references)])


def linked(labels: Sequence[Label], questions: Sequence[Question]) -> list[frozenset[str]]:
    """For each label the clusters (facts) of the exam that it states, by the rules that this module opens with."""
    facts = _facts(questions)
    if not labels or not facts:
        return [frozenset() for _ in labels]
    said = [f"{label.question} ; {label.answer}" for label in labels]
    fits = _held(said, facts) & _agree(labels, facts)
    covered = np.where(fits, _covered(said, facts), 0)
    found = fits & (covered >= _least(labels, facts)) & (covered >= RIVAL * covered.max(1, keepdims=True))
    return [frozenset(facts[number].cluster for number in np.flatnonzero(row)) for row in found]


def stated(labels: Sequence[Label], questions: Sequence[Question]) -> dict[str, int]:
    """Each fact of the exam, in the order of its questions, with the number of labels that state it."""
    counts = Counter(fact for facts in linked(labels, questions) for fact in facts)
    return {question.cluster: counts[question.cluster] for question in questions}


def _facts(questions: Sequence[Question]) -> list[_Fact]:
    """The exam's facts in the order of their first questions."""
    asked: dict[str, list[Question]] = {}
    for question in questions:
        asked.setdefault(question.cluster, []).append(question)
    return [
        _Fact(
            cluster=name,
            text=_text(found),
            section=next((question.section for question in found if question.section), ""),
            questions=tuple(found),
        )
        for name, found in asked.items()
    ]


def _text(asked: Sequence[Question]) -> str:
    """What a fact states, by its questions."""
    stated = _stems(asked[0].fact)
    if any(_stems(form) <= stated for question in asked for form in (question.answer, *question.aliases)):
        return asked[0].fact
    return " ; ".join(f"{question.question} ; {question.answer}" for question in asked)


def _stems(text: str) -> set[str]:
    """The words of a text, stemmed, and its names of letters and digits."""
    import Stemmer

    stem = Stemmer.Stemmer("english").stemWord
    return {word if numeric(word) else stem(word) for word in words(text)} | set(_NAME.findall(plain(text)))


def _numbers(text: str) -> set[str]:
    """The numbers of a text, scores both whole and by side; hexadecimal ones whole, and none of names."""
    text = plain(text)
    found = [word for word in words(_NAME.sub(" ", text)) if numeric(word)]
    return {part for word in found for part in (word, *_SIDES.split(word))} | set(_HEXADECIMAL.findall(text))


def _bags(analyzer: Callable[[str], set[str]], *groups: Sequence[str]) -> list[Bags]:
    """The bags of each group of texts, all over the same words."""
    from sklearn.feature_extraction.text import CountVectorizer

    vectorizer = CountVectorizer(analyzer=analyzer, binary=True, dtype=np.float64)
    everything = [text for group in groups for text in group]
    bags = vectorizer.fit_transform([*everything, _FILL])  # it refuses to fit on texts that hold no word
    ends = np.cumsum([len(group) for group in groups])
    return [bags[end - len(group) : end] for end, group in zip(ends, groups, strict=True)]


def _held(said: Sequence[str], facts: Sequence[_Fact]) -> Flags:
    """Rule 1: whether each label (rows) holds a reference answer of each fact (columns)."""
    owners, forms = zip(*[(number, form) for number, fact in enumerate(facts) for form in sorted(fact.references)], strict=True)
    labels, references = _bags(_stems, said, forms)
    shared, sizes = (labels @ references.T).tocoo(), np.asarray(references.sum(1)).ravel()
    whole = shared.data == sizes[shared.col]
    held = np.zeros((len(said), len(facts)), dtype=np.bool_)
    held[shared.row[whole], np.array(owners)[shared.col[whole]]] = True
    return held


def _agree(labels: Sequence[Label], facts: Sequence[_Fact]) -> Flags:
    """Rule 2: whether each label's answer has no number, or one of the fact's."""
    answers, known = _bags(_numbers, [label.answer for label in labels], [fact.everything for fact in facts])
    agree: Flags = np.asarray((answers @ known.T).toarray() > 0) | np.asarray(answers.sum(1) == 0)
    return agree


def _covered(said: Sequence[str], facts: Sequence[_Fact]) -> Array:
    """The share, by weight, of each fact's words (columns) that each label (rows) holds."""
    labels, texts, known = _bags(_stems, said, [fact.text for fact in facts], [fact.everything for fact in facts])
    weights = _weights(texts, known, [fact.document for fact in facts])
    shares: Array = (labels @ weights.T).toarray() / np.maximum(np.asarray(weights.sum(1)).ravel(), np.finfo(float).tiny)
    return shares


def _weights(texts: Bags, known: Bags, documents: Sequence[str]) -> Bags:
    """The texts' bags with each word's weight in place of 1; the words of `known` are those that facts count as having."""
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

    _, numbers = np.unique(documents, return_inverse=True)
    beside = csr_matrix((np.ones(len(documents)), (numbers, np.arange(len(documents))))) @ known  # documents by words
    overall = (np.asarray(known.sum(0)).ravel() + 0.5) / (len(documents) + 1)
    weights = texts.tocoo()
    here = numbers[weights.row]
    inside = np.asarray(beside[here, weights.col]).ravel()
    weights.data = -np.log((inside + PRIOR * overall[weights.col]) / (np.bincount(numbers)[here] + PRIOR))
    return weights.tocsr()


def _least(labels: Sequence[Label], facts: Sequence[_Fact]) -> Array:
    """Rule 3: the share that each label (rows) has to cover of each fact (columns)."""
    ours = np.array([label.section for label in labels], dtype=object)[:, None]
    theirs = np.array([fact.section for fact in facts], dtype=object)[None, :]
    return np.where((ours == "") | (theirs == ""), UNKNOWN, np.where(ours == theirs, INSIDE, ELSEWHERE))
