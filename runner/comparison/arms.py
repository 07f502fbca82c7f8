"""Turn one tracked arm into a record of the comparison."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.comparison import Arm, ArmCoverage, ArmRetention, Reach, Spread, TrainingBudget
from runner.comparison.names import ArmName, kind
from runner.comparison.rounds import by_round
from runner.comparison.tracked import Table, Tracked, grades, known
from runner.data.answer_length import mean_words
from runner.data.editions import EDITION
from runner.data.verdicts import VERDICTS
from runner.statistics import Grades, Interval, contrast, decisions, numbered
from runner.statistics.accuracy import GradedAnswer, accuracy, accuracy_by_category, accuracy_by_training
from runner.tracker import TrackedRun

RECALL = "retrieval/recall_at_"  # followed by a rank
KNOWN, KEPT = "retention/known/", "retention/kept/"  # followed by a kind of question

# The settings, and groups of settings, that decide what is trained on a set of labels, and what it reads when it is asked.
TRAINING = {"model", "tuner", "keep", "refine", "seed", "training_seed", "seeds", "instruction", "retrieval", "start", "upkeep"}
Counts = NDArray[np.intp]
Exam = Mapping[str, Mapping[str, Any]]  # a row of some arm's answers, by the question's id


def cluster(row: Mapping[str, Any]) -> str:
    """Return a question's fact, or its id without one."""
    return str(row["fact"] or row["id"])


def categories(exam: Exam) -> list[str]:
    """Return the categories of an exam, sorted."""
    return sorted({str(row["category"]) for row in exam.values()})


def arm(name: ArmName, tracked: Tracked, error: float) -> Arm:
    """Build an arm's record.

    Its accuracies are computed from its answers. All other numbers are those that it tracked.
    """
    # An arm that did not finish may have tracked some numbers, but no table is loaded for it. Neither is shown.
    run, answers, numbers = tracked.row, _answers(tracked.answers), tracked.row.metrics if tracked.answers else {}
    return Arm(
        name=name.arm,
        kind=kind(run),
        status=run.status,
        run=run.id,
        method=run.parameters.get("method", ""),
        size=run.parameters.get("size", ""),
        line=name.line,
        varied=name.varied,
        accuracy=accuracy(answers, error),
        categories=accuracy_by_category(answers, error),
        groups=_groups(tracked, error),
        seeds=_seeds(answers),
        spread=_spread(numbers),
        budget=_budget(run) if kind(run) == "tuned" and tracked.answers else None,
        coverage=_coverage(tracked, numbers),
        retention=_retention(tracked, error),
        passages=tracked.passages,
        holding=_holding(numbers),
        recall=_recall(numbers),
        stale=_interval(numbers, "stale"),
        near=int(numbers.get("near", 0)),  # a tracked metric is a float
        without_near=_interval(numbers, "accuracy_without_near"),
        ungraded=int(numbers.get("ungraded", 0)),
        words=mean_words([str(row["answer"]) for row in tracked.answers]),
        shortage=run.parameters.get("shortage", ""),
        losses=tracked.losses,
        rounds=by_round(tracked.rounds),
        costs=_costs(numbers),
        training=_training(tracked),
        ledger=tracked.ledger,
        parameters=run.parameters,
    )


def _seeds(answers: Sequence[GradedAnswer]) -> list[float]:
    """Return the accuracy of each training, if there were several."""
    trainings = [training for training in accuracy_by_training(answers) if training is not None]
    return trainings if len(trainings) > 1 else []


def _costs(numbers: Mapping[str, float]) -> dict[str, float]:
    """Return seconds and costs by stage."""
    # Metrics of the user's own have other names, so they are not taken for costs.
    return {metric: value for metric, value in numbers.items() if metric.startswith(("seconds/", "cost/"))}


def _holding(numbers: Mapping[str, float]) -> tuple[int, int] | None:
    """Return the prompts that held the answer, and all prompts."""
    asked = int(numbers.get("retrieval/asked", 0))
    return (int(numbers["retrieval/held"]), asked) if asked else None


def _recall(numbers: Mapping[str, float]) -> dict[int, float]:
    """Return the recall by rank, over all categories."""
    ranks = {name.removeprefix(RECALL): share for name, share in numbers.items() if name.startswith(RECALL)}
    return {int(rank): share for rank, share in ranks.items() if rank.isdecimal()}


def _training(tracked: Tracked) -> str:
    """Hash labels, in any order, and settings of a training."""
    if not tracked.labels:
        return ""
    pairs = sorted([str(label["question"]), str(label["answer"])] for label in tracked.labels)
    settings = tracked.row.parameters.items()
    deciding = sorted(item for item in settings if item[0].partition(".")[0] in TRAINING or item[0] == "retention.path")
    return hashlib.sha256(json.dumps([pairs, deciding]).encode()).hexdigest()


def _groups(tracked: Tracked, error: float) -> dict[str, dict[str, Interval]]:
    """Compute the accuracies by the columns that were asked for."""
    groups = {}
    # The edition of a fact needs no naming.
    for name in dict.fromkeys([*json.loads(tracked.row.parameters.get("metric.accuracy.by", "[]")), EDITION]):
        filled = [{**row, "category": str(row[name])} for row in tracked.answers if row.get(name)]
        groups[name] = accuracy_by_category(_answers(filled), error)
    return {name: values for name, values in groups.items() if values}


def _answers(rows: Table) -> list[GradedAnswer]:
    return [GradedAnswer(VERDICTS[row["grade"]], cluster(row), row["category"], row["training"]) for row in rows]


def _interval(numbers: Mapping[str, float], name: str) -> Interval | None:
    if name not in numbers:
        return None
    return Interval(estimate=numbers[name], low=numbers[f"{name}_low"], high=numbers[f"{name}_high"])


def _spread(numbers: Mapping[str, float]) -> Spread | None:
    # The advice weighs one against the other, so one alone is of no use.
    if not {"spread/training", "spread/exam"} <= numbers.keys():
        return None
    return Spread(training=numbers["spread/training"], exam=numbers["spread/exam"])


def _budget(run: TrackedRun) -> TrainingBudget:
    # MLflow stores parameters as text.
    labels, tokens, steps = (int(run.parameters.get(name, 0)) for name in ("labels", "label_tokens", "steps"))
    return TrainingBudget(labels=labels, tokens=tokens, steps=steps)


def _coverage(tracked: Tracked, numbers: Mapping[str, float]) -> ArmCoverage | None:
    # Baselines track examined and answered facts too, but only a tuned arm has labels that could cover any.
    if "coverage/labelled" not in numbers:
        return None
    counts = {
        name: int(numbers[f"coverage/{name}"]) if f"coverage/{name}" in numbers else None
        for name in ("found", "kept", "labelled", "examined", "answered")
    }
    return ArmCoverage(
        listed=counts["found"],
        kept=counts["kept"],
        labelled=counts["labelled"] or 0,
        examined=counts["examined"] or 0,
        answered=counts["answered"] or 0,
        taught=_interval(numbers, "coverage/taught"),
        untaught=_interval(numbers, "coverage/untaught"),
        trained=_interval(numbers, "coverage/trained"),
        unevenness=numbers.get("coverage/unevenness", 0.0),
        categories=_reach(tracked),
    )


def _reach(tracked: Tracked) -> dict[str, Reach]:
    """Count the facts of each category."""
    answered = {cluster(row) for row in tracked.answers if VERDICTS[row["grade"]]}
    examined = Counter(row["category"] for row in tracked.facts)
    labelled = Counter(row["category"] for row in tracked.facts if row["labels"] > 0)
    correct = Counter(row["category"] for row in tracked.facts if row["fact"] in answered)
    return {
        category: Reach(examined=examined[category], labelled=labelled[category], answered=correct[category])
        for category in sorted(examined)
    }


def _general(rows: Table) -> tuple[Grades, Grades, Counts]:
    """Collect the grades of general questions before and after tuning.

    General questions name no facts, so each is a fact of its own.
    """
    questions = list(dict.fromkeys(str(row["id"]) for row in rows))
    before, after = grades(rows, "grade_before", questions, False), grades(rows, "grade", questions, True)
    return before, after, numbered(questions)


def _kept(rows: Table, error: float) -> Interval | None:
    """Estimate the share of the known questions that is kept."""
    asked = known(rows)
    answers = [GradedAnswer(VERDICTS[row["grade"]], str(row["id"]), str(row["category"]), row["training"]) for row in asked]
    return accuracy(answers, error)


def _kinds(numbers: Mapping[str, float]) -> dict[str, tuple[int, float]]:
    """Return the known questions and share kept, by kind."""
    known = {kind: int(count) for name, count in numbers.items() if (kind := name.removeprefix(KNOWN)) != name}
    return {kind: (count, numbers.get(f"{KEPT}{kind}", 1.0)) for kind, count in known.items()}


def _retention(tracked: Tracked, error: float) -> ArmRetention | None:
    numbers = tracked.row.metrics
    before, after = _interval(numbers, "retention/before"), _interval(numbers, "retention/after")
    if not tracked.general or not before or not after:
        return None
    change = contrast(*_general(tracked.general))
    if not change:
        return None
    (decision,) = decisions([change], error)
    return ArmRetention(
        before=before,
        after=after,
        known=int(numbers["retention/known"]),
        lost=numbers["retention/lost"],
        gained=numbers["retention/gained"],
        kinds=_kinds(numbers),
        difference=change.difference(decision.error),
        verdict=decision.verdict,
        perplexity_before=numbers.get("retention/perplexity_before"),
        perplexity_after=numbers.get("retention/perplexity_after"),
        floor=numbers.get("retention/floor", 0.0),
        kept_interval=_kept(tracked.general, error),
    )
