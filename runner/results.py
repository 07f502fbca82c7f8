"""What is tracked of an arm: its numbers and settings, its answers, and of a tuned one its labels and its tuning."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from runner.records import Answer, Draw, Grade, Labelling, Ledger, Tuning
from runner.study import Study
from runner.tracker import Run


@dataclass(frozen=True)
class Sitting:
    """What came of one arm's exam."""

    answers: Sequence[Answer]
    grades: Sequence[Grade]
    metrics: Mapping[str, float]

    def beside(self, others: Mapping[str, "Sitting"]) -> dict[str, float]:
        """How far this arm is ahead of base (`gain/base`), and how far behind rag (`gap/rag`)."""
        found: dict[str, float] = {}
        for name, sign, number in (("base", 1, "gain/base"), ("rag", -1, "gap/rag")):
            if name in others and "accuracy" in self.metrics and "accuracy" in others[name].metrics:
                found[number] = sign * (self.metrics["accuracy"] - others[name].metrics["accuracy"])
        return found


@contextmanager
def arm(study: Study, name: str) -> Iterator[Run]:
    """The tracked run of one arm, `tuned` or a baseline; only one job at a time holds it."""
    key, corpus = study.key(name), study.corpus.name
    tags = {"runner.kind": "arm", "runner.arm": name}
    title = f"{study.choices['method']} {study.size.name}" if name == "tuned" else name
    with study.store.lock(f"arm-{key}"), study.tracker.run(corpus, key, title, tags, study.parent) as run:
        if not run.finished:
            run.log({}, parameters(study, name))
            run.text("config.yaml", study.config)
        yield run


def parameters(study: Study, name: str) -> dict[str, Any]:
    """The settings that people sort and filter by; those of labelling and tuning only where the arm is tuned."""
    choices = study.choices
    common = {"corpus": study.corpus.name, "model": study.model.name, "grader": choices["grader"]}
    if study.grader.asks:
        common["judge"] = study.judge.name
    if name != "tuned":
        searched = {"retriever": choices["retriever"]} if study.baseline[name].retrieves else {}
        return {**common, **searched}
    tuned = {"method": choices["method"], "size": study.size.name, "tuner": choices["tuner"], "seed": study.seed}
    teacher = study.teacher.name if study.method.asks else "none"
    named = {**common, **tuned, "teacher": teacher, "baseline": "+".join(study.baseline) or "none"}
    return {**named, **{setting: value for setting, value in study.settings.items() if setting not in named}}


def track(run: Run, study: Study, sitting: Sitting) -> None:
    """An arm's numbers, and its answers with questions, references and verdicts."""
    run.log(sitting.metrics, {})
    verdicts = {True: "pass", False: "fail", None: "ungraded"}
    rows = [
        {
            "category": question.category,
            "question": question.question,
            "reference": question.answer,
            "answer": answer.text,
            "grade": verdicts[grade.passed],
            "fact": question.fact,
            "passages": "\n".join(passage.text for passage in answer.passages),
            "id": question.id,
        }
        for question, answer, grade in zip(study.material.questions, sitting.answers, sitting.grades, strict=True)
    ]
    run.table("answers", rows)


def track_tuning(run: Run, labelling: Labelling, draw: Draw, tuning: Tuning, seconds: Mapping[str, float]) -> None:
    """What a tuned arm was taught, how that went, and what became of everything that was asked for."""
    speed = {"tokens_per_second": tuning.tokens / max(tuning.seconds, 1e-9)}
    timed = {f"seconds/{stage}": value for stage, value in seconds.items()}
    run.log({**speed, **timed}, {"labels": len(draw.labels), **({"shortage": draw.shortage} if draw.shortage else {})})
    run.curve("train_loss", tuning.losses)
    run.table("labels", [asdict(label) for label in draw.labels])
    run.text("ledger.json", json.dumps([asdict(ledger) for ledger in labelling.ledgers], indent=1))


def account(ledgers: Sequence[Ledger]) -> str:
    """The ledgers in words, a line each."""
    lines = []
    for ledger in ledgers:
        lost = ", ".join(f"{count} {reason}" for reason, count in {**ledger.filtered, **ledger.failed}.items() if count)
        lines.append(f"{ledger.stage}: {ledger.requested} requested, {ledger.kept} kept{f'; {lost}' if lost else ''}")
    return "\n".join(lines)
