"""The stages of a run, each kept in the store: labels, exams, tunings, answers, grades, perplexity."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from filelock import FileLock

from runner.component import identity
from runner.config.study import Study
from runner.data.records import Answer, Asked, Draw, Grade, Labelling, Ledger, Prompt, Question, Tuning, chat, digest, read, write
from runner.data.text import normal
from runner.model import Model
from runner.pipeline.hosted_training import paid
from runner.spending.usage import SPENT, Metered, Spent, hosted, spent_in
from runner.store.local import Kept


@dataclass(frozen=True)
class Sitting:
    """What came of one exam: answers and grades in the order of the questions, and the seconds of both."""

    questions: Sequence[Question]
    answers: Sequence[Answer]
    grades: Sequence[Grade]
    seconds: dict[str, float]
    spent: Mapping[str, Sequence[Spent]] = field(default_factory=dict)


@dataclass(frozen=True)
class Memory:
    """What a model knows of general questions, and its perplexity of a page; None where there is no page."""

    sitting: Sitting
    perplexity: float | None


@dataclass(frozen=True)
class Student:
    """A model that sits exams: the untuned one, or one with tuned weights, whose key is then told too."""

    model: Model
    tuned: str = ""


@dataclass(frozen=True, kw_only=True)
class Training:
    """One training of an arm: how it went, and what its student made of the exam, the training questions and the general ones."""

    tuning: Tuning
    seconds: float
    spent: Sequence[Spent] = ()
    sitting: Sitting
    lesson: Sitting
    memory: Memory


def teaching(study: Study) -> FileLock:
    """The lock of all labellings of a corpus by a method: a smaller size is not asked for again while a larger one is."""
    made_of = [identity(study.method), identity(study.teacher), study.material.sections]
    return study.store.lock(f"teaching-{digest(made_of)}")


def label(study: Study) -> tuple[Labelling, Kept]:
    """The method's labels up to the size's scale, without those that ask what the exam asks."""
    material, scale = study.material, study.size.scale
    teacher = identity(study.teacher) if study.method.asks else None
    made_of = [identity(study.method), teacher, scale, material.sections, material.labels, material.purpose]

    def make(folder: Path) -> None:
        asked = study.asking(study.teacher)
        write(folder / "labelling.jsonl", [study.method.label(material, asked, scale)])
        write(folder / SPENT, asked.spent)

    with teaching(study):
        kept = study.store.keep("labels", made_of, make)
    (labelling,) = read(kept.folder / "labelling.jsonl", Labelling)
    return without_leaks(study, labelling), kept


def without_leaks(study: Study, labelling: Labelling) -> Labelling:
    """The labelling without labels that ask what the exam asks, and with the ledger of them."""
    asked = {normal(question.question) for question in study.material.questions}
    safe = tuple(label for label in labelling.labels if normal(label.question) not in asked)
    leaks = {"asked in the exam": len(labelling.labels) - len(safe)}
    ledger = Ledger(stage="leaks", requested=len(labelling.labels), kept=len(safe), filtered=leaks)
    return replace(labelling, labels=safe, ledgers=(*labelling.ledgers, ledger))


def taught(study: Study, draw: Draw) -> list[tuple[Prompt, str]]:
    """What a training is given; general pairs are mixed in where the tuner replays them."""
    pairs = [(label.question, label.answer) for label in draw.labels]
    replayed = islice(cycle(study.knowledge.replay), round(study.tuner.replay * len(pairs)))  # again where there are too few
    return [(_bare(study, question), answer) for question, answer in (*pairs, *replayed)]


def tune(study: Study, draw: Draw, seed: int) -> tuple[Tuning, Student, Kept]:
    """How one training went, and the student that it made."""
    examples = taught(study, draw)

    def make(folder: Path) -> None:
        def train() -> Tuning:
            tuning = study.tuner.tune(study.model, examples, seed, folder)
            write(folder / "tuning.jsonl", [tuning])
            return tuning

        if hosted(study.tuner):
            write(folder / SPENT, [paid(study, examples, seed, train)])
        else:
            train()

    kept = study.store.keep("tunings", [identity(study.tuner), identity(study.model), examples, seed], make)
    student = Student(study.model.tuned_in(kept.folder), kept.key)
    return read(kept.folder / "tuning.jsonl", Tuning)[0], student, kept


@contextmanager
def deployed(study: Study, student: Student) -> Iterator[Student]:
    """The tuned student as it can be asked: where its host must deploy it, that is done when it is first asked, and undone here.

    One run at a time has it deployed.
    """
    if not hosted(study.tuner):
        yield student
        return
    tuner: Any = study.tuner
    with study.store.lock(f"deployed-{student.tuned}"), tuner.deployed(student.model, study.model) as model:
        yield replace(student, model=model)


def exam(study: Study, name: str) -> list[Asked]:
    """What a baseline's model is asked for each question of the exam."""
    questions, sections = study.material.questions, study.material.sections
    chosen = study.baseline[name]
    made_of = [identity(chosen), [identity(study.retriever), sections] if chosen.retrieves else None, questions]

    def ask(folder: Path) -> None:
        write(folder / "exam.jsonl", chosen.ask(questions, sections, study.retriever))

    return list(read(study.store.keep("exams", made_of, ask).folder / "exam.jsonl", Asked))


def sit(study: Study, student: Student, questions: Sequence[Question], asked: Sequence[Asked] = ()) -> Sitting:
    """Answers to the questions, put as they stand unless `asked` says otherwise, and their grades."""
    answers, answered = answer(study, student, questions, asked)

    def grade(folder: Path) -> None:
        judge = study.asking(study.judge)
        write(folder / "grades.jsonl", study.grader.grade(questions, answers, judge))
        write(folder / SPENT, judge.spent)

    judged = identity(study.judge) if study.grader.asks else None
    graded = study.store.keep("grades", [identity(study.grader), judged, questions, answers], grade)
    grades = read(graded.folder / "grades.jsonl", Grade)
    seconds = {"answer": answered.seconds, "grade": graded.seconds}
    return Sitting(questions, answers, grades, seconds, {"answer": spent_in(answered.folder), "grade": spent_in(graded.folder)})


def answer(
    study: Study, student: Student, questions: Sequence[Question], asked: Sequence[Asked] = ()
) -> tuple[Sequence[Answer], Kept]:
    """A student's answers to the questions, in their order."""
    asked = asked or bare(study, questions)

    def make(folder: Path) -> None:
        model = study.asking(student.model) if hosted(student.model) else Metered(student.model, student.model)
        write(folder / "answers.jsonl", _answers(model, questions, asked))
        write(folder / SPENT, model.spent)

    made_of = [identity(study.model), student.tuned, asked, [question.id for question in questions]]
    kept = study.store.keep("answers", made_of, make)
    return read(kept.folder / "answers.jsonl", Answer), kept


def bare(study: Study, questions: Sequence[Question]) -> list[Asked]:
    """What a student without retrieval is asked for each question."""
    return [Asked(prompt=_bare(study, question.question)) for question in questions]


def remember(study: Study, student: Student) -> Memory:
    """What a student knows of the general questions and the page; a hosted one does not tell how it reads the page."""
    page = study.knowledge.page
    perplexity: Any = getattr(student.model, "perplexity", None)

    def read_page(folder: Path) -> None:
        (folder / "perplexity").write_text(repr(perplexity(page)))

    sitting = sit(study, student, study.knowledge.questions)
    if not page or not perplexity:
        return Memory(sitting, None)
    kept = study.store.keep("perplexities", [identity(study.model), student.tuned, page], read_page)
    return Memory(sitting, float((kept.folder / "perplexity").read_text()))


def _answers(model: Model, questions: Sequence[Question], asked: Sequence[Asked]) -> list[Answer]:
    replies = dict(model.ask([one.prompt for one in asked]))
    pairs = enumerate(zip(questions, asked, strict=True))
    return [Answer(question=of.id, text=replies[at].text, passages=one.passages) for at, (of, one) in pairs]


def _bare(study: Study, question: str) -> Prompt:
    return chat(question, study.instruction, study.reply_tokens)
