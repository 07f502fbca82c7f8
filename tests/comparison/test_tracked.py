"""An arm is read back from a tracker.

Questions have the share of the trainings that passed. Tables are read only if the arm finished.
"""

import pytest

from runner.comparison.tracked import Tracked, load, shares
from runner.tracker import TrackedRun
from runner.tracker.mlflow import MLflow
from tests.comparison.given import sheet, trained


def test_a_question_has_the_share_of_its_trainings_that_passed() -> None:
    assert trained("1", "+-+", "++-", "+--").passed == {"q0": 1.0, "q1": pytest.approx(1 / 3), "q2": pytest.approx(1 / 3)}


def test_an_ungraded_answer_counts_neither_way() -> None:
    assert trained("1", "?+", "--", "+-").passed == {"q0": 0.5, "q1": pytest.approx(1 / 3)}


def test_the_graded_answers_to_a_question_are_counted() -> None:
    graded = trained("1", "?+?", "-+?", "+-?").graded
    assert [graded[question] for question in ("q0", "q1", "q2")] == [2, 3, 0]


def test_a_question_that_is_graded_nowhere_has_no_share() -> None:
    assert trained("1", "?+", "?+").passed == {"q0": None, "q1": 1.0}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"passages": "1", "sentences": "1"}, "1 passage of 1 sentence, 5 words in all on average"),
        ({"passages": "3", "sentences": "0"}, "3 passages of a section, 5 words in all on average"),
        ({}, "5 words of passages on average"),
    ],
)
def test_what_the_prompts_held_of_the_documents_is_told(settings: dict[str, str], words: str, tracking_uri: str) -> None:
    tracker = MLflow(uri=tracking_uri)
    with tracker.run("cup", "key", "rag", {"runner.arm": "rag"}) as run:
        run.log({}, {f"retriever.{name}": value for name, value in settings.items()})
        run.table("answers", [{**row, "passages": "Ada won\nthe last cup"} for row in sheet("++")])
    row = tracker.find("cup", "key")
    assert row
    assert load(tracker, row).passages == words


def test_trainings_are_counted() -> None:
    assert [trained("1", "+").trainings, trained("1", "+", "-", "+").trainings] == [1, 3]


def test_an_arm_without_tables_has_one_training_and_no_passes() -> None:
    arm = Tracked(row=TrackedRun("1", "n", "FAILED", {}, {}, {}))
    assert (arm.trainings, arm.passed) == (1, {})


def test_shares_are_of_the_column_that_is_asked_for() -> None:
    rows = [{"id": "q", "grade": "fail", "grade_before": "pass"}, {"id": "r", "grade": "pass", "grade_before": "ungraded"}]
    assert (shares(rows, "grade"), shares(rows, "grade_before")) == ({"q": 0.0, "r": 1.0}, {"q": 1.0, "r": None})


def stored(uri: str, kind: str, error: type[BaseException] | None = None) -> tuple[MLflow, TrackedRun]:
    """Store an arm with every table in a real store.

    The arm ends with `error` if one is given.
    """
    tracker = MLflow(uri=uri)
    try:
        with tracker.run("corpus", "k", "fact 5x", {"runner.kind": "arm", "runner.arm": kind}) as run:
            run.table("answers", sheet("+-", "++"))
            run.table("facts", [{"fact": "fact 0", "category": "men", "labels": 3}])
            run.table("retention", [{"id": "g", "grade": "fail", "grade_before": "pass", "training": 1}])
            run.curve("train_loss", [2.5, 1.5, 0.5])
            run.text("ledger.json", '[{"stage": "labels", "requested": 4, "kept": 3}]')
            if error:
                raise error
    except (KeyboardInterrupt, ValueError):
        pass
    row = tracker.find("corpus", "k")
    assert row
    return tracker, row


def test_a_tuned_arm_is_read_back_whole(tracking_uri: str) -> None:
    tracker, row = stored(tracking_uri, "tuned")
    arm = load(tracker, row)
    assert (arm.row, list(arm.answers), arm.passed) == (row, sheet("+-", "++"), {"q0": 1.0, "q1": 0.5})
    assert list(arm.facts) == [{"fact": "fact 0", "category": "men", "labels": 3}]
    assert list(arm.general) == [{"id": "g", "grade": "fail", "grade_before": "pass", "training": 1}]
    assert (arm.losses, arm.ledger) == ([2.5, 1.5, 0.5], [{"stage": "labels", "requested": 4, "kept": 3}])


def test_of_a_baseline_only_the_answers_are_read(tracking_uri: str) -> None:
    arm = load(*stored(tracking_uri, "rag"))
    assert (arm.trainings, len(arm.answers), arm.general, arm.losses, arm.ledger) == (2, 4, (), (), ())


@pytest.mark.parametrize(("error", "status"), [(ValueError, "FAILED"), (KeyboardInterrupt, "KILLED")])
def test_the_tables_of_an_arm_that_did_not_finish_are_not_read(
    tracking_uri: str, error: type[BaseException], status: str
) -> None:
    arm = load(*stored(tracking_uri, "tuned", error))
    assert (arm.row.status, arm.answers, arm.facts, arm.losses) == (status, (), (), ())
