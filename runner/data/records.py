"""Records that pass between stages: sections, labels, questions, answers, grades.

A store finds results by a hash over their JSON. So no field may get another name or default; a class may.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter

from runner.data.preferences import HumanPreference
from runner.data.reply_rules import ReplyRules
from runner.data.text import count

T = TypeVar("T")
Extra = Mapping[str, str | bool | int | float]  # further columns of a table, such as author; in no hash while empty


@dataclass(frozen=True, kw_only=True)
class Section:
    """A document's text under one heading."""

    id: str  # <path in documents/>#<heading>
    document: str
    title: str
    heading: str
    category: str
    text: str
    place: str = field(default="", compare=False, metadata={"in_json": "unhashed"})  # in the file: a line, page or slide


@dataclass(frozen=True, kw_only=True)
class AtomicFact:
    """A single statement and the section that states it."""

    section: str
    text: str
    category: str
    origin: str = field(default="", metadata={"in_json": "if filled"})  # read: the file's form states it; else the teacher


@dataclass(frozen=True, kw_only=True)
class Label:
    """A question/answer pair, or a text, for training.

    `position` orders the labels of a unit (section or fact). Size kx holds those below k: a prefix of every larger size.
    """

    question: str
    answer: str
    method: str
    section: str
    category: str
    fact: str = ""  # empty where the method labels whole sections
    round: int = 0  # how many times the teacher was asked about the unit before
    origin: str  # the teacher's name, or the file of a person's label
    position: int | float  # pydantic then reads 0 back as 0 and not as 0.0, which has another hash
    extra: Extra = field(default_factory=dict, hash=False, metadata={"in_json": "if filled"})
    around: str = field(default="", metadata={"in_json": "if filled"})  # of a text without question: what it was written around

    @property
    def tokens(self) -> int:
        """Count the words and punctuation marks of question and answer."""
        return count(f"{self.question} {self.answer}")


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question of an exam, with its reference answer."""

    id: str
    question: str
    answer: str
    category: str
    aliases: tuple[str, ...] = ()  # other answers that count as right
    section: str = ""
    fact: str = ""
    extra: Extra = field(default_factory=dict, hash=False, metadata={"in_json": "if filled"})
    kind: str = field(default="", metadata={"in_json": "if filled"})  # of a general question, where there are several kinds
    prompt: str = field(default="", metadata={"in_json": "if filled"})  # with a passage, put to a model instead
    rules: ReplyRules | None = field(default=None, metadata={"in_json": "if filled"})  # by which it is graded

    @property
    def cluster(self) -> str:
        """Return the question's fact, or else its own id; answers about one fact are not independent."""
        return self.fact or self.id


@dataclass(frozen=True, kw_only=True)
class Message:
    """A turn of a chat."""

    role: str  # system, user or assistant
    content: str


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """A request to a model: the turns of a chat and a limit."""

    messages: tuple[Message, ...]
    tokens: int  # the most that the reply may have
    attempt: int = 0  # how often the same turns were sent before: else the cache would give the first reply again
    # The form of the reply, for those that can enforce one. The kept reply to a prompt is the same with it.
    schema: type[BaseModel] | None = field(default=None, compare=False, metadata={"in_json": False})


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A model's reply, with the tokens of request and reply."""

    text: str
    prompt_tokens: int = 0  # 0 where the model does not count
    reply_tokens: int = 0
    finish: str = ""  # the reason for the end: stop, length, content_filter; thinking, if no text came after it
    batch: bool = False  # the Batch API has another price
    cached_tokens: int = field(default=0, metadata={"in_json": "if filled"})  # of prompt_tokens, those at a lower price


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A piece of a section, put into a prompt."""

    section: str
    text: str
    source: str = field(default="", metadata={"in_json": "if filled"})  # title and headings, as prompts show them


@dataclass(frozen=True, kw_only=True)
class Request:
    """A prompt for one exam question, with its passages."""

    prompt: Prompt
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An arm's answer to one question, by its id."""

    question: str
    text: str
    passages: tuple[Passage, ...] = ()  # a report shows them, and whether they held the answer


@dataclass(frozen=True, kw_only=True)
class Grade:
    """A grader's verdict on the answer to a question."""

    question: str
    passed: bool | None  # None where the grader gave no readable verdict
    by: str = field(default="", compare=False, metadata={"in_json": "if filled"})  # of several graders, the one that decided
    why: str = field(default="", compare=False, metadata={"in_json": "if filled"})  # the words of a judge


@dataclass(frozen=True, kw_only=True)
class HumanGrade:
    """A person's verdict on an answer, with the question."""

    question: Question
    answer: str
    passed: bool


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """An account of a stage: requested = kept + filtered + failed."""

    stage: str
    requested: int
    kept: int
    filtered: Mapping[str, int] = field(default_factory=dict)  # by reason
    failed: Mapping[str, int] = field(default_factory=dict)  # by reason
    again: int = 0  # second requests after unreadable replies; no part of the sum

    def __post_init__(self) -> None:
        """Refuse a ledger that does not reconcile."""
        if (accounted := self.kept + sum(self.filtered.values()) + sum(self.failed.values())) != self.requested:
            raise ValueError(f"the ledger of {self.stage} does not reconcile: {self.requested} requested, {accounted} found")


@dataclass(frozen=True, kw_only=True)
class Labelling:
    """The output of a method: labels, their facts, and ledgers."""

    labels: tuple[Label, ...]
    facts: tuple[AtomicFact, ...] = ()
    ledgers: tuple[Ledger, ...] = ()
    short: int = 0  # units with fewer labels than the scale asked for
    units: int = 0  # all facts or sections that were labelled
    dropped: tuple[Label, ...] = field(default=(), metadata={"in_json": False})  # by the study's filters; `extra` says why
    earlier: tuple[Label, ...] = field(default=(), metadata={"in_json": False})  # of earlier trainings, to be trained again


@dataclass(frozen=True, kw_only=True)
class Subset:
    """The labels that a model is trained on."""

    labels: tuple[Label, ...]
    shortage: str = ""  # a sentence where there are fewer than asked for


@dataclass(frozen=True, kw_only=True)
class Material:
    """Everything in a corpus, and the study's purpose."""

    sections: tuple[Section, ...]
    questions: tuple[Question, ...]  # the exam
    labels: tuple[Label, ...] = ()  # written by people
    grades: tuple[HumanGrade, ...] = ()
    purpose: str = ""  # facts that do not serve it are filtered out
    facts: tuple[AtomicFact, ...] = field(default=(), metadata={"in_json": "if filled"})  # that were read, without a teacher
    preferences: tuple[HumanPreference, ...] = field(default=(), metadata={"in_json": "unhashed"})  # only `refine` reads them
    notes: tuple[str, ...] = field(default=(), metadata={"in_json": False})  # for people; in no hash
    remarks: tuple[tuple[str, str], ...] = field(default=(), metadata={"in_json": False})  # the lists behind notes: kind, text
    exam_origin: str = field(default="", metadata={"in_json": "unhashed"})  # who wrote the exam; empty for people


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Everything of an arm that its metrics are computed from."""

    # Fields with a default are filled for tuned arms only, `hits` and `holding` where prompts hold passages.
    questions: tuple[Question, ...]
    grades: tuple[tuple[Grade, ...], ...]  # of each training
    labels: tuple[Label, ...] = ()
    labelling: Labelling | None = None
    lessons: tuple[Question, ...] = ()  # training questions that are asked again
    trained: tuple[Grade, ...] = ()  # the grades of `lessons`
    near: frozenset[str] = frozenset()  # ids of exam questions that resemble a label's question
    before: tuple[Grade, ...] = ()  # of the general questions, untuned
    after: tuple[tuple[Grade, ...], ...] = ()  # of the general questions, tuned
    general: tuple[Question, ...] = ()  # the general questions
    perplexity_before: float | None = None
    perplexity_after: tuple[float, ...] = ()
    hits: tuple[tuple[bool, ...], ...] = ()  # by question, then rank: the passage is on it; () where the exam names no section
    holding: tuple[bool, ...] = ()  # by question: its prompt held the answer
    withdrawn: "Outcome | None" = None  # on facts that the documents no longer state: a pass is a former answer

    def graded(self, questions: Iterable[Question]) -> tuple[list[bool | None], list[str]]:
        """Return the verdicts of every training, and each one's cluster."""
        clusters = {question.id: question.cluster for question in questions}
        grades = [grade for training in self.grades for grade in training if grade.question in clusters]
        return [grade.passed for grade in grades], [clusters[grade.question] for grade in grades]


@dataclass(frozen=True, kw_only=True)
class Tuning:
    """Losses, tokens and seconds of a training."""

    losses: tuple[float, ...]
    tokens: int
    seconds: float
    course: Mapping[str, tuple[float, ...]] = field(default_factory=dict, metadata={"in_json": "if filled"})  # more of each step


def chat(question: str, instruction: str, tokens: int) -> Prompt:
    """Put a question to a student, trained or examined."""
    system = (Message(role="system", content=instruction),) if instruction else ()
    return Prompt(messages=(*system, Message(role="user", content=question)), tokens=tokens)


def digest(value: Any) -> str:
    """Hash a value's canonical JSON to 32 hexadecimal digits."""
    return fingerprint(canonical(value)).hex()


def canonical(value: Any) -> str:
    """Write what is hashed as JSON: sorted keys, no spaces, records as objects."""
    return json.dumps(value, default=partial(plain, hashed=True), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def fingerprint(text: str) -> bytes:
    """Return the first 16 bytes of a text's SHA-256; the text may hold half a surrogate pair."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]


def plain(value: Any, hashed: bool = False) -> Any:
    """Turn a path or record into plain JSON values; `hashed` leaves out what no hash holds."""
    if isinstance(value, Path):
        return str(value)
    parts = {part.name: part.metadata.get("in_json", True) for part in fields(value)}
    kept = {name: vars(value)[name] for name, rule in parts.items() if rule and not (hashed and rule == "unhashed")}
    return {name: part for name, part in kept.items() if part or parts[name] != "if filled"}


def write(path: Path, records: Iterable[Any]) -> None:
    """Write records as JSON lines."""
    path.write_text("".join(json.dumps(each, default=plain, ensure_ascii=False) + "\n" for each in records), encoding="utf-8")


def read(path: Path, kind: type[T]) -> tuple[T, ...]:
    """Read the records of one kind that `write` wrote."""
    return tuple(map(TypeAdapter(kind).validate_json, path.read_bytes().splitlines()))  # bytes: str splits at U+2028 too
