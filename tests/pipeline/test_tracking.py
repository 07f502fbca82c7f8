"""What is tracked of an arm: its settings, its gains, its general answers and the verdict of the gate."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from runner.config.study import Study
from runner.data.records import Tuning
from runner.pipeline.results import ExamResult, Refining
from runner.pipeline.tracking import TrackedArm, tracked_run
from runner.tracker import TrackedRun
from runner.tracker.mlflow import MLflow
from tests import given
from tests.pipeline.given import FixedNumbers, result, training, tuned

QUESTIONS = [given.question("a", category="general"), given.question("b", category="general")]


def general(*passed: bool | None) -> ExamResult:
    """Two general questions answered, or none."""
    return result(QUESTIONS[: len(passed)], *passed)


def exam(study: Study) -> ExamResult:
    """A result on the whole exam."""
    return result(study.material.questions, *[True] * len(study.material.questions))


def tracked(
    uri: str, floor: float, numbers: Mapping[str, float], before: ExamResult, *after: ExamResult
) -> tuple[MLflow, TrackedRun]:
    """The run of an arm with these general results."""
    tracker = MLflow(uri=uri)
    study = replace(given.study(f"retention.floor={floor}"), metric={"fixed": FixedNumbers(numbers)}, tracker=tracker)
    trainings = [training(exam(study), general(), answers) for answers in after]
    with tracker.run("corpus", "k", "n", {"runner.kind": "arm"}) as run:
        TrackedArm(study, run).report_tuned(tuned(before, trainings))
    row = tracker.find("corpus", "k")
    assert row
    return tracker, row


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
def test_a_tag_holds_the_gates_verdict_where_there_is_one(
    tracking_uri: str, floor: float, numbers: dict[str, float], gate: str | None
) -> None:
    _, row = tracked(tracking_uri, floor, numbers, general(True, True), general(True, False))
    assert row.tags.get("runner.gate") == gate
    assert row.metrics["retention/floor"] == floor
    assert row.metrics["answer_words"] == 2


def test_every_general_answer_stands_beside_the_one_before_tuning(tracking_uri: str) -> None:
    tracker, row = tracked(tracking_uri, 0, {}, general(True, None), general(False, True), general(True, True))
    names = ("id", "training", "answer", "grade", "answer_before", "grade_before")
    answers = [tuple(answer[name] for name in names) for answer in tracker.rows(row.id, "retention")]
    assert answers == [
        ("a", 1, "a: False", "fail", "a: True", "pass"),
        ("b", 1, "b: True", "pass", "b: None", "ungraded"),
        ("a", 2, "a: True", "pass", "a: True", "pass"),
        ("b", 2, "b: True", "pass", "b: None", "ungraded"),
    ]


def test_the_kind_and_the_prompt_of_a_general_question_stand_in_its_row(tracking_uri: str) -> None:
    asked = [replace(QUESTIONS[0], kind="knowledge"), replace(QUESTIONS[1], kind="passages", prompt="Read: b")]
    answers = result(asked, True, False)
    tracker, row = tracked(tracking_uri, 0, {}, answers, answers)
    assert [(line["kind"], line["prompt"]) for line in tracker.rows(row.id, "retention")] == [
        ("knowledge", ""),
        ("passages", "Read: b"),
    ]
    assert not {"kind", "prompt"} & tracker.rows(row.id, "answers")[0].keys()


def test_without_general_questions_nothing_is_tracked_of_them(tracking_uri: str) -> None:
    tracker, row = tracked(tracking_uri, 0.9, {}, general(), general())
    numbers = {name: number for name, number in row.metrics.items() if name.startswith("retention")}
    assert (tracker.rows(row.id, "retention"), numbers) == ([], {})
    assert "runner.gate" not in row.tags


def test_a_tuned_arm_is_tracked_with_its_lead_over_base_and_its_gap_to_rag(
    tracking_uri: str, tmp_path: Path, student: list[str]
) -> None:
    study = given.study(*student, f"tracker.uri={tracking_uri}", f"store={tmp_path}/store")

    def measured(accuracy: float) -> Study:
        return replace(study, metric={"fixed": FixedNumbers({"accuracy": accuracy})})

    for name, accuracy in (("base", 0.25), ("rag", 0.75)):
        with study.tracker.run(study.corpus.name, measured(0.5).key(name), name, {}) as run:
            TrackedArm(measured(accuracy), run).report_baseline(exam(study))
    with tracked_run(measured(0.5), "tuned", None) as run:
        TrackedArm(measured(0.5), run).report_tuned(tuned(general(), [training(exam(study), general(), general())]))
    row = study.tracker.find(study.corpus.name, measured(0.5).key("tuned"))
    assert row
    assert (row.metrics["gain/base"], row.metrics["gap/rag"]) == (0.25, 0.25)
    assert row.parameters["labels"] == "3"


def test_further_columns_stand_in_the_tracked_answers(tracking_uri: str) -> None:
    tracker = MLflow(uri=tracking_uri)
    questions = [replace(QUESTIONS[0], extra={"difficulty": "hard", "level": 3}), QUESTIONS[1]]
    with tracker.run("corpus", "k", "n", {"runner.kind": "arm"}) as run:
        TrackedArm(replace(given.study(), metric={}, tracker=tracker), run).report_baseline(result(questions, True, False))
    rows = tracker.rows(run.id, "answers")
    assert [(row["id"], row["difficulty"], row["level"]) for row in rows] == [("a", "hard", "3"), ("b", "", "")]


def test_what_was_not_read_of_the_documents_is_tracked_with_the_arm(tracking_uri: str) -> None:
    study = replace(given.study(), tracker=MLflow(uri=tracking_uri))
    remarks = (("not read", "a.xyz: no reader for such files"),)
    vars(study)["material"] = replace(study.material, remarks=remarks)  # where a cached property keeps its value
    with tracked_run(study, "base", None):
        pass
    row = study.tracker.find(study.corpus.name, study.key("base"))
    assert row
    assert study.tracker.rows(row.id, "documents") == [{"kind": "not read", "text": "a.xyz: no reader for such files"}]


def test_what_a_training_on_preferences_learned_is_tracked(tracking_uri: str) -> None:
    tracker = MLflow(uri=tracking_uri)
    study = replace(given.study(), metric={"fixed": FixedNumbers({})}, tracker=tracker)
    plain = training(exam(study), general(), general())
    courses = [((1.0, 0.5), (-9.0, 0.5, 1.5, -0.5)), ((0.8,), (0.0, 0.0, 2.5, 1.0))]
    trainings = []
    for losses, rewards in courses:
        course = {"kl": tuple(loss / 2 for loss in losses)}
        refining = Refining(tuning=Tuning(losses=losses, tokens=1, seconds=1.0, course=course), lessons=8, rewards=rewards)
        checkpoint = replace(plain.checkpoint, value=replace(plain.checkpoint.value, refining=refining))
        trainings.append(replace(plain, checkpoint=checkpoint))
    with tracker.run("corpus", "k", "n", {"runner.kind": "arm"}) as run:
        TrackedArm(study, run).report_tuned(tuned(general(), trainings))
    row = tracker.find("corpus", "k")
    assert row
    learned = {name: row.metrics[f"refine/{name}"] for name in ("lessons", "accuracy", "margin")}
    assert learned == {"lessons": 8, "accuracy": 0.75, "margin": 1.125}
    assert tracker.values(row.id, "refine_loss") == pytest.approx([0.9])
    assert tracker.values(row.id, "refine_kl") == pytest.approx([0.45])
