"""What is tracked of general questions: the answers before and after, and the gate's verdict where there is one."""

from collections.abc import Mapping

import pytest

from runner.data.records import Answer, Ledger, Tuning
from runner.pipeline.stages import Memory, Sitting, Training
from runner.pipeline.tracking import account, parameters, track_memory
from runner.tracker import Row
from runner.tracker.mlflow import MLflow
from tests import given

QUESTIONS = [given.question("a", category="general"), given.question("b", category="general")]


def memory(*passed: bool | None) -> Memory:
    """Two general questions answered, or none."""
    questions = QUESTIONS[: len(passed)]
    answers = [Answer(question=one.id, text=f"{one.id}: {verdict}") for one, verdict in zip(questions, passed, strict=True)]
    return Memory(Sitting(questions, answers, given.grades(questions, *passed), {"answer": 0.0, "grade": 0.0}), None)


def tracked(uri: str, floor: float, numbers: Mapping[str, float], before: Memory, *after: Memory) -> tuple[MLflow, Row]:
    """The run of an arm whose memories these are."""
    tracker, study = MLflow(uri=uri), given.study(f"retention.floor={floor}")
    trainings = [
        Training(
            tuning=Tuning(losses=(1.0,), tokens=1, seconds=1.0), seconds=1.0, sitting=one.sitting, lesson=one.sitting, memory=one
        )
        for one in after
    ]
    with tracker.run("corpus", "k", "n", {"runner.kind": "arm"}) as run:
        track_memory(run, study, numbers, before, trainings)
    row = tracker.find("corpus", "k")
    assert row
    return tracker, row


def test_a_baseline_tells_the_settings_that_its_numbers_hang_on_and_no_others(student: list[str]) -> None:
    prompt = "baseline.rag.prompt='{passages} {question}'"
    study = given.study(*student, "grader.words=9", "retriever.passages=2", prompt, "tuner.rank=4")
    told = {name: set(parameters(study, name)) for name in ("base", "rag", "tuned")}
    assert "grader.words" in told["base"] & told["rag"]
    assert {"retriever.passages", "baseline.rag.prompt"} == told["rag"] - told["base"] - {"retriever"}
    assert "tuner.rank" not in told["base"] | told["rag"]
    assert told["base"] <= told["tuned"]


@pytest.mark.parametrize(
    ("floor", "numbers", "gate"),
    [
        (0.9, {"retention/kept": 0.9}, "passed"),
        (0.9, {"retention/kept": 0.89}, "failed"),
        (0.9, {}, None),
        (0.0, {"retention/kept": 0.0}, None),
    ],
    ids=["at the floor", "below it", "nothing graded", "no floor"],
)
def test_a_tag_tells_the_gates_verdict_where_there_is_one(
    tracking_uri: str, floor: float, numbers: dict[str, float], gate: str | None
) -> None:
    _, row = tracked(tracking_uri, floor, numbers, memory(True, True), memory(True, False))
    assert row.tags.get("runner.gate") == gate
    assert row.metrics["retention/floor"] == floor


def test_every_general_answer_stands_beside_the_one_before_tuning(tracking_uri: str) -> None:
    tracker, row = tracked(tracking_uri, 0, {}, memory(True, None), memory(False, True), memory(True, True))
    names = ("id", "training", "answer", "grade", "answer_before", "grade_before")
    told = [tuple(one[name] for name in names) for one in tracker.rows(row.id, "retention")]
    assert told == [
        ("a", 1, "a: False", "fail", "a: True", "pass"),
        ("b", 1, "b: True", "pass", "b: None", "ungraded"),
        ("a", 2, "a: True", "pass", "a: True", "pass"),
        ("b", 2, "b: True", "pass", "b: None", "ungraded"),
    ]


def test_without_general_questions_nothing_is_tracked_of_them(tracking_uri: str) -> None:
    tracker, row = tracked(tracking_uri, 0.9, {}, memory(), memory())
    assert (tracker.rows(row.id, "retention"), row.metrics) == ([], {})
    assert "runner.gate" not in row.tags


def test_an_account_tells_the_reasons_and_how_often_was_asked_again() -> None:
    ledgers = (
        Ledger(stage="facts", requested=1, kept=1),
        Ledger(stage="pairs", requested=5, kept=3, failed={"cut off": 2}, again=4),
    )
    assert account(ledgers) == "facts: 1 requested, 1 kept\npairs: 5 requested, 3 kept; 2 cut off, 4 times asked again"
