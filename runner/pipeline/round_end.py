"""Rounds in, why no further one follows out."""

from collections.abc import Sequence
from typing import cast

from runner.config.study import Study
from runner.pipeline.results import Round
from runner.pipeline.round_practice import Practised
from runner.refine import LabelsAgain
from runner.statistics import Grades, Verdict, contrast, decisions, numbered


def why_ended(study: Study, rounds: Sequence[Round], practised: Sequence[Practised]) -> str:
    """Say why no round follows; empty if one may."""
    refine, labels = cast(LabelsAgain, study.refine), sum(len(each.labels) for each in rounds)
    verdict = improved(study, practised[-2], practised[-1])
    # In a forecast no verdict is known, and an upper bound goes on.
    if verdict is not Verdict.BETTER and not practised[-1].guess:
        return f"practice after round {rounds[-1].number} is not better than before it, by its paired test ({verdict})"
    if len(rounds) > refine.rounds:
        return f"these were all rounds (refine.rounds={refine.rounds})"
    if refine.labels is not None and labels >= refine.labels:
        return f"the budget of labels is used (refine.labels={refine.labels})"
    return ""


def improved(study: Study, before: Practised, after: Practised) -> Verdict:
    """Test whether practice improved, paired by question."""
    if before.guess or after.guess:
        return Verdict.UNDECIDED
    facts = numbered([question.cluster for question in after.questions])
    pair = contrast(Grades.of([before.passed]), Grades.of([after.passed]), facts)
    return decisions([pair], study.settings.error)[0].verdict if pair else Verdict.UNDECIDED
