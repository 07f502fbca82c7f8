"""Dropped labels in, those that a judge keeps out."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from operator import itemgetter
from pathlib import Path

from runner.component import identity
from runner.config.contracts import returned_each
from runner.config.study import Study
from runner.config.told_once import warn_once
from runner.data.guesses import Forecastable
from runner.data.pass_or_fail import unread_advice
from runner.data.records import Grade, Label, write
from runner.data.reviews import label_item
from runner.filter import Filtered, asking
from runner.pipeline.executor import Executor, ModelAccess, Stage
from runner.pipeline.prompts import read_each
from runner.pipeline.results import Output, with_before

log = logging.getLogger("runner")

UNREAD = "no verdict of the judge"  # a reason


def judged(study: Study, executor: Executor, name: str, labels: Sequence[Label], result: Output[Filtered]) -> Output[Filtered]:
    """Ask the judge about labels that a filter drops.

    Those that pass are kept, at their former places. Nobody is asked where the filter asks no judge.
    """
    # Only a forecast has labels that are guesses. Nobody knows which of these the rule would drop.
    doubtful = labels if result.guess else result.value.dropped
    if not asking(study.filter[name]) or not doubtful:
        return result
    grades = executor.do(_stage(study, name, doubtful, result))
    pairs = list(zip(doubtful, grades.value, strict=True))
    kept = put_back(labels, result.value, {label_identity(label) for label, grade in pairs if grade.passed})
    words = {label_identity(label): _with_words(label, grade) for label, grade in pairs}
    if not grades.guess:
        _tell(name, grades.value)
    value = replace(kept, dropped=tuple(words[label_identity(label)] for label in kept.dropped))
    return with_before(replace(result, value=value), grades)


def _stage(study: Study, name: str, doubtful: Sequence[Label], after: Output[Filtered]) -> Stage[Sequence[Grade]]:
    rule, purpose = study.filter[name], study.material.purpose
    own = {label.section for label in doubtful}
    sections = [section for section in study.material.sections if section.id in own]

    def make(folder: Path, access: ModelAccess) -> None:
        if asked := asking(rule):
            judge = access.model("filter", study.judge, asked.guesses if isinstance(asked, Forecastable) else None)
            grades = asked.grade(doubtful, sections, purpose, judge)
            write(folder / "grades.jsonl", returned_each(asked, "grade", grades, Grade, len(doubtful)))

    return Stage[Sequence[Grade]](
        name="judged_labels",
        inputs=[identity(rule), identity(study.judge), doubtful, sections, purpose],
        make=make,
        read=lambda folder: read_each(folder / "grades.jsonl", Grade, len(doubtful)),
        asks=True,
        stand_in=lambda: [Grade(question=label.question, passed=True) for label in doubtful],
        after=[after],
        requests_follow=bool(after.guess),
        most=f"filter: at most. The judge of filter={name} is asked about some of these labels only." if after.guess else "",
    )


def put_back(labels: Sequence[Label], result: Filtered, back: Collection[tuple[str, float]]) -> Filtered:
    """Keep labels that a filter dropped of `labels`, by identity.

    Each comes back as it was before the filter, at its former place. A label that the filter changed has another identity, so
    it stays behind the label that it follows in `result`.
    """
    places = {label_identity(label): place for place, label in enumerate(labels)}
    ranked, place = list[tuple[int, Label]](), -1
    for label in result.labels:
        place = places.get(label_identity(label), place)
        ranked.append((place, label))
    again = [places[label_identity(label)] for label in result.dropped if label_identity(label) in back]
    ranked += [(place, labels[place]) for place in again]
    return Filtered(
        labels=tuple(label for _, label in sorted(ranked, key=itemgetter(0))),
        dropped=tuple(label for label in result.dropped if label_identity(label) not in back),
    )


def label_identity(label: Label) -> tuple[str, float]:
    """Return what tells a label from others."""
    return label_item(label).id, label.position


def _with_words(label: Label, grade: Grade) -> Label:
    """Add the words of the judge to a label."""
    detail, why = str(label.extra.get("detail", "")), " ".join(grade.why.split())
    if grade.passed is None:
        detail = ": ".join(filter(None, (str(label.extra.get("reason", "")), detail)))
        return replace(label, extra={**label.extra, "reason": UNREAD, "detail": detail})
    return replace(label, extra={**label.extra, "detail": "; ".join(filter(None, (detail, f"the judge: {why:.300}")))})


def _tell(name: str, grades: Sequence[Grade]) -> None:
    """Log the labels that the judge keeps, and unread verdicts."""
    every, kept = len(grades), sum(grade.passed is True for grade in grades)
    log.info("filter=%s: the judge keeps %d of %d labels that the rule would drop", name, kept, every)
    if unread := [grade for grade in grades if grade.passed is None]:
        words = f"{len(unread)} of {every} labels have no verdict of the judge that can be read, and are dropped"
        warn_once(f"filter={name}: {words}. {unread_advice(unread, f'filter.{name}.judge')}")
