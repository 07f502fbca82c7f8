"""Sections to labels: the labelling method asks the teacher."""

from dataclasses import replace
from pathlib import Path

from runner.component import identity
from runner.config.study import Study
from runner.data.guesses import Forecastable
from runner.data.records import Labelling, Ledger, digest, read, write
from runner.data.text import normal
from runner.pipeline.executor import Asking, Done, Executor, Stage


def labelling_lock(study: Study) -> str:
    """Return the key of the lock that all labellings of a corpus by a method share.

    Its sizes ask the same requests. Under the lock a smaller size finds the replies that a larger one was given.
    """
    inputs = [identity(study.method), identity(study.teacher), study.material.sections]
    return f"teaching-{digest(inputs)}"


def label(study: Study, executor: Executor) -> Done[Labelling]:
    """Label the sections up to the size's scale; labels that ask what the exam asks are left out."""
    material, scale = study.material, study.size.scale

    def make(folder: Path, asking: Asking) -> None:
        guesses = study.method.guesses if isinstance(study.method, Forecastable) else None
        teacher = asking.model("label", study.teacher, guesses)
        write(folder / "labelling.jsonl", [study.method.label(material, teacher, scale)])

    labels = Stage(
        name="labels",
        inputs=[identity(study.method), study.taught_by, scale, material.sections, material.labels, material.purpose],
        make=make,
        read=lambda folder: read(folder / "labelling.jsonl", Labelling)[0],
        asks=True,
        lock=labelling_lock(study),
        unreadable=lambda: Labelling(labels=()),
        requests_follow=True,
    )
    done = executor.do(labels)
    return replace(done, value=without_leaks(study, done.value))


def without_leaks(study: Study, labelling: Labelling) -> Labelling:
    """Leave out labels that ask what the exam asks, and account for them in a ledger."""
    exam = {normal(question.question) for question in study.material.questions}
    safe = tuple(label for label in labelling.labels if normal(label.question) not in exam)
    leaks = {"asked in the exam": len(labelling.labels) - len(safe)}
    ledger = Ledger(stage="leaks", requested=len(labelling.labels), kept=len(safe), filtered=leaks)
    return replace(labelling, labels=safe, ledgers=(*labelling.ledgers, ledger))
