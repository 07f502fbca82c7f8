"""A run has a row for each round: practice, exam, what was kept, labels, money; and the labels of each."""

from dataclasses import replace

import pytest

from runner.config.study import Study
from runner.data.records import Ledger
from runner.pipeline.answer import untuned
from runner.pipeline.results import Checkpoint, Output, Round, RoundResult
from runner.pipeline.round_tracking import round_exams, round_ledgers, track_rounds
from runner.spending.usage import Usage
from runner.tracker.mlflow import MLflow
from tests.given import label, question
from tests.pipeline.given import LABELS, result, training, tuned

EXAM = [question(f"q{number}") for number in range(4)]
PAID = Usage(model="gpt-4.1-mini", hosted=True, requests=1, prompt_tokens=1_000_000)


def with_rounds(study: Study, *usages: list[Usage]) -> object:
    """A training of as many rounds, each with one label more and one answer more that is right."""
    general = [question("g1"), question("g2")]
    rounds = [
        Round(
            number=number,
            checkpoint=Output(value=replace(untuned(study).value, trainings=tuple("abc"[: number + 1]))),
            practice=[True] * number + [False] * (4 - number),
            failed=4 - number,
            unsure=0,
            labels=(label(f"New {number}?", round=number),) if number else (),
            again=number,
            ledgers=(Ledger(stage=f"round {number}: pairs", requested=1, kept=1),) if number else (),
            usage=usage,
            ended="all rounds" if number == len(usages) - 1 else "",
        )
        for number, usage in enumerate(usages)
    ]
    nothing = result([])
    results = [
        RoundResult(
            round=each,
            exam=result(EXAM, *[place <= each.number for place in range(4)]),
            general=training(nothing, nothing, result(general, True, each.number == 0)).general,
        )
        for each in rounds
    ]
    last = training(results[-1].exam, nothing, results[-1].general.result)
    labels, chain = tuple(new for each in rounds for new in each.labels), rounds[-1].checkpoint.value.trainings
    value: Checkpoint = replace(last.checkpoint.value, trainings=chain, labels=labels, rounds=tuple(rounds))
    return replace(last, checkpoint=replace(last.checkpoint, value=value), rounds=results)


def test_rounds_are_a_table_and_curves(pins: Study, tracking_uri: str) -> None:
    tracker, before = MLflow(uri=tracking_uri), result([question("g1"), question("g2")], True, True)
    arm = tuned(before, [with_rounds(pins, [], [PAID], [PAID]), with_rounds(pins, [], [PAID])])
    with tracker.run("cup", "key", "name", {}) as run:
        track_rounds(pins, run, arm)
    rows = tracker.rows(run.id, "rounds")
    assert [(row["training"], row["round"]) for row in rows] == [(1, 0), (1, 1), (1, 2), (2, 0), (2, 1)]
    assert [rows[2][name] for name in ("practice", "asked", "failed", "new_labels", "labels", "trained_again")] == [
        0.5,
        4,
        2,
        1,
        5,
        2,
    ]
    assert [row["accuracy"] for row in rows[:3]] == [0.25, 0.5, 0.75]
    assert [row["kept"] for row in rows[:3]] == [1.0, 0.5, 0.5]
    assert [row["usd"] for row in rows[:3]] == pytest.approx([0.0, 0.4, 0.4])
    assert rows[2]["ended"] == "all rounds"
    assert tracker.values(run.id, "rounds/labels") == [3.0, 4.0, 5.0]
    assert tracker.values(run.id, "rounds/accuracy") == [0.25, 0.5, 0.75]
    labels = tracker.rows(run.id, "round_labels")
    assert [(row["training"], row["refine_round"], row["question"]) for row in labels][:2] == [(1, 1, "New 1?"), (1, 2, "New 2?")]
    assert [each.stage for each in round_ledgers(arm)][:1] == ["training 1, round 1: pairs"]


def test_the_labels_of_an_arm_are_those_of_all_its_trainings(pins: Study) -> None:
    arm = tuned(result([]), [with_rounds(pins, [], [], []), with_rounds(pins, [], [])])
    assert [each.question for each in arm.taught.labels[len(LABELS[:3]) :]] == ["New 1?", "New 2?"]
    assert [len(labels) for labels in arm.labels] == [5, 4]


def test_the_exams_of_rounds_are_counted_without_that_of_the_arm_itself(pins: Study) -> None:
    arm = tuned(result([]), [with_rounds(pins, [], [], [])])
    assert len(round_exams(arm)) == 2 * 2


def test_an_arm_without_rounds_has_no_such_table(pins: Study, tracking_uri: str) -> None:
    tracker = MLflow(uri=tracking_uri)
    with tracker.run("cup", "key", "name", {}) as run:
        track_rounds(pins, run, tuned(result([]), [training(result([]), result([]), result([]))]))
    assert tracker.rows(run.id, "rounds") == []
