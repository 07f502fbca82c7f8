"""What is tracked of an arm: its numbers and settings, its answers, and of a tuned one its labels and its tuning."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from statistics import fmean
from typing import Any

from runner.config.study import Study
from runner.data.records import VERDICTS, Draw, Labelling, Ledger, digest
from runner.exam_checks.fact_links import stated
from runner.exam_checks.near_duplicates import Near
from runner.pipeline.stages import Memory, Sitting, Training
from runner.spending.usage import Spent, metrics
from runner.tracker import Run

ASKED = ("model", "instruction", "reply_tokens", "grader", "judge", "metric")  # what every baseline's numbers hang on


@contextmanager
def arm(study: Study, name: str) -> Iterator[Run]:
    """The tracked run of one arm, `tuned` or a baseline; only one job at a time holds it."""
    key, corpus, title = study.key(name), study.corpus.name, study.title(name)
    with study.store.lock(f"arm-{key}"), study.tracker.run(corpus, key, title, tags(study, name), study.parent) as run:
        if not run.finished:
            run.log({}, parameters(study, name))
            run.text("config.yaml", study.config)
        yield run


def tags(study: Study, name: str) -> dict[str, str]:
    """The marks that an arm's run is found and compared by."""
    return {"runner.kind": "arm", "runner.arm": name, "runner.exam": digest(study.material.questions)}


def parameters(study: Study, name: str) -> dict[str, Any]:
    """The settings that people sort and filter by; those of labelling and tuning only where the arm is tuned."""
    choices = study.choices
    common = {"corpus": study.corpus.name, "model": study.model.name, "grader": choices["grader"]}
    if study.grader.asks:
        common["judge"] = study.judge.name
    if name != "tuned":
        searched = {"retriever": choices["retriever"]} if study.baseline[name].retrieves else {}
        groups = (*ASKED, *searched, f"baseline.{name}")
        return {**common, **searched, **{setting: value for setting, value in study.settings.items() if _within(setting, groups)}}
    seeds = {"seed": study.training_seed, **({"seeds": study.seeds} if study.seeds > 1 else {})}
    tuned = {"method": choices["method"], "size": study.size.name, "tuner": choices["tuner"], **seeds}
    teacher = study.teacher.name if study.method.asks else "none"
    named = {**common, **tuned, "teacher": teacher, "baseline": "+".join(study.baseline) or "none"}
    return {**named, **{setting: value for setting, value in study.settings.items() if setting not in named}}


def _within(setting: str, groups: Sequence[str]) -> bool:
    return any(setting == group or setting.startswith(f"{group}.") for group in groups)


def beside(numbers: Mapping[str, float], baselines: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """How far an arm is ahead of base (`gain/base`), and how far behind rag (`gap/rag`)."""
    found: dict[str, float] = {}
    for name, sign, number in (("base", 1, "gain/base"), ("rag", -1, "gap/rag")):
        if "accuracy" in numbers and "accuracy" in baselines.get(name, {}):
            found[number] = sign * (numbers["accuracy"] - baselines[name]["accuracy"])
    return found


def track(run: Run, numbers: Mapping[str, float], sittings: Sequence[Sitting]) -> None:
    """An arm's numbers, and its answers with questions, references and verdicts, a row for each question and training."""
    seconds = {f"seconds/{stage}": sum(sitting.seconds[stage] for sitting in sittings) for stage in ("answer", "grade")}
    run.log({**numbers, **seconds}, {})
    run.table("answers", _rows(sittings))


def track_costs(
    run: Run, study: Study, sittings: Sequence[Sitting], before: Mapping[str, Sequence[Spent]] | None = None, gain: float = 0.0
) -> None:
    """What was asked and paid for an arm, now or earlier, by stage, those `before` its sittings too.

    What several arms share counts for each of them.
    """
    stages = {stage: [part for sitting in sittings for part in sitting.spent.get(stage, ())] for stage in ("answer", "grade")}
    run.log(metrics({**(before or {}), **stages}, study.prices, gain), {})


def track_taught(
    run: Run,
    study: Study,
    labelling: Labelling,
    draw: Draw,
    near: Sequence[Near],
    trainings: Sequence[Training],
) -> None:
    """What a tuned arm was taught, how that went, and what became of everything that was asked for."""
    tunings = [training.tuning for training in trainings]
    tokens, seconds = sum(tuning.tokens for tuning in tunings), sum(tuning.seconds for tuning in tunings)
    speed = {"tokens_per_second": tokens / max(seconds, 1e-9), "seconds/tune": sum(training.seconds for training in trainings)}
    size = {"labels": len(draw.labels), "label_tokens": sum(label.tokens for label in draw.labels)}
    shortage = {"shortage": draw.shortage} if draw.shortage else {}
    run.log(speed, {**size, "steps": len(tunings[0].losses), **shortage})
    run.curve("train_loss", [fmean(losses) for losses in zip(*(tuning.losses for tuning in tunings), strict=True)])
    run.table("labels", [asdict(label) for label in draw.labels])
    facts = {question.cluster: question.category for question in study.material.questions}
    labels = stated(draw.labels, study.material.questions)
    run.table("facts", [{"fact": fact, "category": facts[fact], "labels": number} for fact, number in labels.items()])
    run.table("training_questions", _rows([training.lesson for training in trainings]))
    run.table("near_duplicates", [asdict(one) for one in near])
    run.text("ledger.json", json.dumps([asdict(ledger) for ledger in labelling.ledgers], indent=1))


def track_memory(run: Run, study: Study, numbers: Mapping[str, float], before: Memory, trainings: Sequence[Training]) -> None:
    """The general questions with the answers before and after, if any; a tag tells whether the arm came through the gate."""
    if not before.sitting.questions:
        return
    untuned = {row["id"]: row for row in _rows([before.sitting])}
    rows = [
        {**row, "answer_before": untuned[row["id"]]["answer"], "grade_before": untuned[row["id"]]["grade"]}
        for row in _rows([training.memory.sitting for training in trainings])
    ]
    floor, kept = study.retention.floor, numbers.get("retention/kept")
    run.table("retention", rows)
    run.log({"retention/floor": floor, "retention/replay": study.tuner.replay}, {})
    if floor and kept is not None:  # where nothing was graded, nothing came through
        run.tag("runner.gate", "passed" if kept >= floor else "failed")


def _rows(sittings: Sequence[Sitting]) -> list[dict[str, Any]]:
    words = {passed: word for word, passed in VERDICTS.items()}
    return [
        {
            "category": question.category,
            "question": question.question,
            "reference": question.answer,
            "answer": answer.text,
            "grade": words[grade.passed],
            "training": training,
            "fact": question.fact,
            "passages": "\n".join(passage.text for passage in answer.passages),
            "id": question.id,
        }
        for training, sitting in enumerate(sittings, start=1)
        for question, answer, grade in zip(sitting.questions, sitting.answers, sitting.grades, strict=True)
    ]


def account(ledgers: Sequence[Ledger]) -> str:
    """The ledgers in words, a line each."""
    lines = []
    for ledger in ledgers:
        reasons = {**ledger.filtered, **ledger.failed, "times asked again": ledger.again}
        told = ", ".join(f"{count} {reason}" for reason, count in reasons.items() if count)
        lines.append(f"{ledger.stage}: {ledger.requested} requested, {ledger.kept} kept{f'; {told}' if told else ''}")
    return "\n".join(lines)
