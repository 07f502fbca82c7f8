"""The things that pass between stages, all frozen: sections, labels, questions, prompts, answers, grades."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter

from runner.data.text import count

T = TypeVar("T")

VERDICTS = {"pass": True, "fail": False, "ungraded": None}  # as tables say what a grade says


@dataclass(frozen=True, kw_only=True)
class Section:
    """A document's text under one heading; `id` is `<path in documents/>#<heading>`."""

    id: str
    document: str
    title: str
    heading: str
    category: str
    text: str


@dataclass(frozen=True, kw_only=True)
class AtomicFact:
    """One atomic statement, with the section that states it."""

    section: str
    text: str
    category: str


@dataclass(frozen=True, kw_only=True)
class Label:
    """One question/answer pair for training.

    `position` orders the labels of one unit (a section or a fact) in multiples of the unit: a draw of kx holds
    the labels whose position is below k, so a smaller draw is a prefix of a larger one.
    """

    question: str
    answer: str
    method: str
    section: str
    category: str
    fact: str = ""
    round: int = 0
    origin: str
    position: int | float  # pydantic then reads 0 back as 0 and not as 0.0, which is another hash

    @property
    def tokens(self) -> int:
        """Words and punctuation marks of question and answer."""
        return count(f"{self.question} {self.answer}")


@dataclass(frozen=True, kw_only=True)
class Question:
    """One held-out question of the exam with its reference answer and the other forms that count as right."""

    id: str
    question: str
    answer: str
    category: str
    aliases: tuple[str, ...] = ()
    section: str = ""
    fact: str = ""

    @property
    def cluster(self) -> str:
        """What it stands or falls with: its fact, or itself where none is named."""
        return self.fact or self.id


@dataclass(frozen=True, kw_only=True)
class Message:
    """One turn of a chat; role is `system`, `user` or `assistant`."""

    role: str
    content: str


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """What a model is asked: the turns so far and the most tokens that it may reply with.

    `attempt` counts the times that the same thing was asked before, so that asking again is another request. `schema` is the
    form that the reply shall have, for servers and decoders that can hold a model to one; the request is the same without it.
    """

    messages: tuple[Message, ...]
    tokens: int
    attempt: int = 0
    schema: type[BaseModel] | None = field(default=None, compare=False, metadata={"told": False})


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a model said, with the tokens that went in and came out (0 where the model does not tell).

    `finish` is why it ended, in the server's word (`stop`, `length`, `content_filter`) or empty; `batch`: it came by batch.
    """

    text: str
    prompt_tokens: int = 0
    reply_tokens: int = 0
    finish: str = ""
    batch: bool = False


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A piece of a section that retrieval put into a prompt."""

    section: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Request:
    """What an arm is asked for one exam question: the prompt, and the passages that it holds."""

    prompt: Prompt
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An arm's reply to one exam question, with the passages that its prompt held."""

    question: str
    text: str
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Grade:
    """Pass, fail, or None where the grader gave no readable verdict."""

    question: str
    passed: bool | None


@dataclass(frozen=True, kw_only=True)
class HumanGrade:
    """An answer that a person graded, with the question and the references that it was graded by."""

    question: Question
    answer: str
    passed: bool


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """What became of everything that a stage asked for: requested = kept + filtered + failed, with reasons.

    `again` counts the times that a teacher was asked again since its reply could not be read; it is no part of the sum.
    """

    stage: str
    requested: int
    kept: int
    filtered: Mapping[str, int] = field(default_factory=dict)
    failed: Mapping[str, int] = field(default_factory=dict)
    again: int = 0

    def __post_init__(self) -> None:
        """Refuse a ledger that does not reconcile."""
        accounted = self.kept + sum(self.filtered.values()) + sum(self.failed.values())
        if accounted != self.requested:
            raise ValueError(f"the ledger of {self.stage} does not reconcile: {self.requested} requested, {accounted} found")


@dataclass(frozen=True, kw_only=True)
class Labelling:
    """What a method made of a corpus: the labels, the facts behind them, and the ledgers.

    `short` counts the units (facts or sections) that hold fewer labels than the scale asked for, of `units`.
    """

    labels: tuple[Label, ...]
    facts: tuple[AtomicFact, ...] = ()
    ledgers: tuple[Ledger, ...] = ()
    short: int = 0
    units: int = 0


@dataclass(frozen=True, kw_only=True)
class Subset:
    """The labels that are trained on, and a sentence where there were fewer than asked for."""

    labels: tuple[Label, ...]
    shortage: str = ""


@dataclass(frozen=True, kw_only=True)
class Material:
    """All that a corpus holds: its sections, its exam, people's own labels and grades, and what the study is for."""

    sections: tuple[Section, ...]
    questions: tuple[Question, ...]
    labels: tuple[Label, ...] = ()
    grades: tuple[HumanGrade, ...] = ()
    purpose: str = ""


@dataclass(frozen=True, kw_only=True)
class GeneralSet:
    """What a model may know beforehand: general questions, (question, answer) pairs to replay, and a page of text.

    Questions and pairs stand in an order whose every prefix holds the subjects in about their shares.
    """

    questions: tuple[Question, ...] = ()
    replay: tuple[tuple[str, str], ...] = ()
    page: str = ""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What an arm's numbers are measured on: the exam, its grades in each training, and what a tuned arm was taught.

    `trained` are the grades of the training questions that were asked again, `lessons`; `near` names the exam questions that a
    label comes near to. `before` and `after` are the grades of the general questions, untuned and after each training, as are
    the two perplexities of a page.
    """

    questions: tuple[Question, ...]
    grades: tuple[tuple[Grade, ...], ...]
    labels: tuple[Label, ...] = ()
    labelling: Labelling | None = None
    lessons: tuple[Question, ...] = ()
    trained: tuple[Grade, ...] = ()
    near: frozenset[str] = frozenset()
    before: tuple[Grade, ...] = ()
    after: tuple[tuple[Grade, ...], ...] = ()
    perplexity_before: float | None = None
    perplexity_after: tuple[float, ...] = ()

    def graded(self, questions: Iterable[Question]) -> tuple[list[bool | None], list[str]]:
        """The verdicts of every training on these questions, and beside each the cluster that stands or falls together."""
        chosen = {question.id: question.cluster for question in questions}
        found = [grade for grades in self.grades for grade in grades if grade.question in chosen]
        return [grade.passed for grade in found], [chosen[grade.question] for grade in found]


@dataclass(frozen=True, kw_only=True)
class Tuning:
    """How a tuning went: the loss after each step, tokens seen and seconds taken."""

    losses: tuple[float, ...]
    tokens: int
    seconds: float


def chat(question: str, instruction: str, tokens: int) -> Prompt:
    """The one way in which a question is put to a student: at training, at the exam, and with passages."""
    system = (Message(role="system", content=instruction),) if instruction else ()
    return Prompt(messages=(*system, Message(role="user", content=question)), tokens=tokens)


def digest(value: Any) -> str:
    """The SHA-256, in 32 hexadecimal digits, of a value's canonical JSON; records count as their fields."""
    return fingerprint(canonical(value)).hex()


def canonical(value: Any) -> str:
    """A value's one form as JSON; records count as their fields."""
    return json.dumps(value, default=plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def fingerprint(text: str) -> bytes:
    """The first 16 bytes of the SHA-256 of a text, which may hold half of a surrogate pair, as what a model writes may."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]


def plain(value: Any) -> Any:
    """A path or a record as JSON can hold it; fields of a record that do not decide what comes of it are left out."""
    if isinstance(value, Path):
        return str(value)
    return {part.name: getattr(value, part.name) for part in fields(value) if part.metadata.get("told", True)}


def write(path: Path, records: Iterable[Any]) -> None:
    """Write records as JSON lines."""
    lines = (json.dumps(record, default=plain, ensure_ascii=False) for record in records)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def read(path: Path, kind: type[T]) -> tuple[T, ...]:
    """Read the records of one kind that `write` wrote."""
    adapter = TypeAdapter(kind)
    return tuple(adapter.validate_json(line) for line in path.read_bytes().splitlines())
