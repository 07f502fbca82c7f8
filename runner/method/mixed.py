"""Mixed labels: pairs of fact labels and documents in, both at matched tokens out.

A part of the tokens of fact labels is replaced by documents, so that a training has the same budget with either method. Both
components are those of conf/method/fact.yaml and conf/method/document.yaml, and send the same requests.
"""

import logging
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import ceil
from typing import Annotated, ClassVar

from pydantic import Field

from runner.component import component
from runner.data.guesses import Guesses, LikelyRange
from runner.data.records import Label, Labelling, Ledger, Material, Prompt, Reply, digest
from runner.data.stratify import spread
from runner.method.document import DocumentLabels
from runner.method.document_guesses import DocumentGuesses
from runner.method.fact import Fact
from runner.method.guessing import FactGuesses
from runner.model import Model

log = logging.getLogger("runner")

NEAR = 0.05  # of all tokens: a share of documents that differs by more from the one asked for is told


@component
class Mixed:
    """Pairs and documents with the tokens of fact labels.

    At a size of kx they have together as many tokens as the labels of method=fact at kx. The documents have `share` of them, as
    near as whole documents allow.
    """

    asks: ClassVar[bool] = True
    questions: ClassVar[bool] = False

    fact: Fact
    document: DocumentLabels
    share: Annotated[float, Field(gt=0, lt=1)] = 0.25

    @property
    def parts(self) -> tuple[Fact, DocumentLabels]:
        """Return the methods whose requests are sent."""
        return self.fact, self.document

    def label(self, material: Material, teacher: Model, scale: float) -> Labelling:
        """Write both kinds of labels, and mix them."""
        facts = self.fact.label(material, teacher, scale)
        # A reply holds pairs of larger sizes too. They are no part of this one, whose tokens are matched.
        pairs = [label for label in facts.labels if label.position < scale]
        wanted = self.share * _tokens(pairs)
        documents = self._documents(material, teacher, scale, wanted)
        kept_pairs, kept_documents = mix(pairs, documents.labels, self.share)
        part = _tokens(kept_documents) / max(1, _tokens([*kept_pairs, *kept_documents]))
        log.log(
            logging.WARNING if abs(part - self.share) > NEAR else logging.INFO,
            "method=mixed: %d documents hold %.0f%% of the tokens, method.share asks for %.0f%%",
            *(len(kept_documents), 100 * part, 100 * self.share),
        )
        ledgers = [_ledger("pairs", pairs, kept_pairs), _ledger("documents", documents.labels, kept_documents)]
        return replace(facts, labels=(*kept_pairs, *kept_documents), ledgers=(*facts.ledgers, *documents.ledgers, *ledgers))

    def guesses(self) -> Guesses:
        """Return the likely replies of a teacher, for a forecast."""
        return MixedGuesses(self.fact.guesses(), DocumentGuesses(self.document.prompt, self.document.documents))

    def _documents(self, material: Material, teacher: Model, scale: float, wanted: float) -> Labelling:
        """Ask for documents until there are enough."""
        # At most as many as method=document asks for at this size. Most of them are not needed, and would be paid for.
        remembered, documents = RememberingModel(teacher), Labelling(labels=())
        for size in range(1, ceil(scale) + 1):
            documents = self.document.label(material, remembered, size)
            if _tokens(documents.labels) >= wanted:
                break
        return documents


def mix(pairs: Sequence[Label], documents: Sequence[Label], share: float) -> tuple[list[Label], list[Label]]:
    """Choose pairs and documents with the tokens of all pairs.

    It is done level by level, from position 0 on. A level's choice depends on that level and those below it. So a smaller size
    is contained in a larger one. Where there are too few documents, more pairs are kept.
    """
    kept, taken, left = list[Label](), list[Label](), deque(_in_order(documents))
    total = in_pairs = in_documents = 0  # tokens
    times = Counter[str]()  # how often each fact was kept
    for level, of_level in _levels(pairs):
        total += _tokens(of_level)
        while left and left[0].position < level + 1 and in_documents + left[0].tokens / 2 <= share * total:
            in_documents += left[0].tokens
            # It belongs to the size at which it is first taken.
            taken.append(replace(left.popleft(), position=level))
        # Facts with the fewest pairs first, so that none is left without. Else their order says nothing.
        for pair in sorted(of_level, key=lambda pair: (times[pair.fact], digest([pair.fact, level]))):
            if in_pairs + in_documents + pair.tokens / 2 > total:
                break
            in_pairs += pair.tokens
            kept.append(pair)
            times[pair.fact] += 1
    return kept, taken


def _levels(labels: Sequence[Label]) -> Iterator[tuple[int, list[Label]]]:
    """Yield the labels of each whole multiple of a unit."""
    levels: dict[int, list[Label]] = {}
    for label in labels:
        levels.setdefault(int(label.position), []).append(label)
    yield from sorted(levels.items())


def _in_order(documents: Sequence[Label]) -> list[Label]:
    """Order documents by level, and mix categories and sections."""
    return [
        document
        for _, of_level in _levels(documents)
        for document in spread(sorted(of_level, key=lambda document: digest(document.section)))
    ]


def _tokens(labels: Iterable[Label]) -> int:
    return sum(label.tokens for label in labels)


def _ledger(name: str, labels: Sequence[Label], kept: Sequence[Label]) -> Ledger:
    reasons = {"beyond the share": len(labels) - len(kept)}
    return Ledger(stage=f"{name} of the mix", requested=len(labels), kept=len(kept), filtered=reasons)


class RememberingModel:
    """A model that is asked no prompt twice."""

    def __init__(self, model: Model) -> None:
        """Ask `model`."""
        self.model, self.name = model, model.name
        self._replies: dict[Prompt, Reply] = {}

    def check(self) -> None:
        """Raise the Fault of the model itself."""
        self.model.check()

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """Yield known replies, then the model's as they come."""
        new = [place for place, prompt in enumerate(prompts) if prompt not in self._replies]
        yield from ((place, self._replies[prompt]) for place, prompt in enumerate(prompts) if prompt in self._replies)
        for place, reply in self.model.ask([prompts[place] for place in new]):
            self._replies[prompts[new[place]]] = reply
            yield new[place], reply


class MixedGuesses:
    """Guesses for the requests of both kinds of labels."""

    def __init__(self, facts: FactGuesses, documents: DocumentGuesses) -> None:
        """Guess by the guesses of both components."""
        self.facts, self.documents = facts, documents

    def learn(self, text: str, reply: str) -> None:
        """Note a reply with the component that asked."""
        self._of(text).learn(text, reply)

    def guess(self, text: str) -> str:
        """Return a guess of the component that asks."""
        return self._of(text).guess(text)

    def spread(self) -> LikelyRange:
        """Return the range of facts and pairs."""
        return self.facts.spread()

    def _of(self, text: str) -> Guesses:
        return self.documents if self.documents.knows(text) else self.facts
