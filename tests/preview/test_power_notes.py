"""The sentences below the table of a planned exam."""

import re
from fnmatch import fnmatch
from pathlib import Path

import numpy as np
import pytest

from runner.comparison.compare import compare
from runner.comparison.tracked import Tracked
from runner.preview.planned_exam import PlannedExam
from runner.preview.power_notes import notes, points, share
from runner.statistics import contrast
from tests.preview.planned import planned, take

OFFLINE = "tracker.uri=http://127.0.0.1:9"


def sentences(folder: Path, facts: int, questions: int, *overrides: str, tuned: int = 4, trainings: int = 1) -> list[str]:
    """The sentences on an exam that these arms will take."""
    names = [f"arm {number}" for number in range(tuned)]
    return list(notes(PlannedExam(planned(folder, facts, questions, OFFLINE, *overrides), names, ["base"], trainings)))


def test_the_exams_own_reach_comes_first_and_one_training_is_about_models(tmp_path: Path) -> None:
    own, about, *_ = sentences(tmp_path / "docs", 30, 3)
    assert own == (
        "This exam (90 questions on 30 facts) with 1 training sees differences between two tuned arms from 25.1 points. If they "
        "are one of 6 such pairs, and none of the others is decided: from 32.6 points."
    )
    assert about == "With 1 training, a verdict is about these trained models. With seeds=3 or more it is about the methods."


def test_several_trainings_are_about_methods(tmp_path: Path) -> None:
    about = sentences(tmp_path / "docs", 30, 3, tuned=1, trainings=3)[1]
    assert about == "With 3 trainings, a verdict is about the methods: other trainings are expected to show it too."


def test_facts_for_the_margin_are_told_for_each_number_of_trainings(tmp_path: Path) -> None:
    _, _, facts, trainings, *_ = sentences(tmp_path / "docs", 30, 3)
    words = (
        "To see 5 points (margin=5) between two tuned arms, it needs about 6?0 facts of 3 questions with 1 training, or about "
        "1,?00 facts of 3 questions with 5 trainings. With 3 trainings, no number of facts (up to 100,000) is enough: trainings "
        "differ too much. For one of 6 such pairs with 1 training: about 1,000 facts of 3 questions."
    )
    assert fnmatch(facts, words)
    assert trainings == "On this exam as it is, no number of trainings (up to 50) sees 5 points (margin=5)."


def test_trainings_that_are_enough_for_the_margin_are_told(tmp_path: Path) -> None:
    _, _, _, trainings, *_ = sentences(tmp_path / "docs", 30, 3, "margin=20")
    assert trainings == "On this exam as it is, 5 trainings of each arm (seeds=5) see 20 points (margin=20)."


def test_an_exam_that_sees_the_margin_needs_no_more(tmp_path: Path) -> None:
    _, _, enough, *rest = sentences(tmp_path / "docs", 30, 3, "margin=40")
    assert enough == "So it sees 40 points (margin=40)."
    assert not any("needs" in sentence for sentence in rest)


def test_more_facts_are_set_beside_more_questions_and_other_suppositions_follow(tmp_path: Path) -> None:
    *_, more, otherwise = sentences(tmp_path / "docs", 30, 3, trainings=3)
    assert more.startswith(
        "More facts help more than more questions on the same facts: 180 questions on 60 facts see differences"
    )
    assert "at an accuracy of 70% from" in otherwise
    assert "at an accuracy of 50%" not in otherwise  # that is supposed already
    assert "if trainings differ by 1.0 points from" in otherwise
    assert otherwise.endswith("suppose.accuracy=70 sets the accuracy for the whole table.")


def test_an_exam_of_too_few_facts_sees_nothing_and_says_what_is_needed(tmp_path: Path) -> None:
    own, _, needed, *rest = sentences(tmp_path / "docs", 4, 3, tuned=1)
    assert own == (
        "This exam (12 questions on 4 facts) with 1 training sees no difference between a tuned arm and a baseline, "
        "however large."
    )
    assert needed.startswith("To see 5 points (margin=5) between a tuned arm and a baseline, it needs about 670 facts")
    assert len(rest) == 1


def test_differences_that_the_accuracy_does_not_allow_are_none(tmp_path: Path) -> None:
    own, _, _, _, otherwise = sentences(tmp_path / "docs", 8, 3, "suppose.accuracy=90")
    assert own == (
        "This exam (24 questions on 8 facts) with 1 training sees no difference between two tuned arms: at an average accuracy "
        "of 90%, two arms differ by at most 20.0 points."
    )
    assert "at an accuracy of 70% from 53.9 points; none at an accuracy of 10%." in otherwise


def test_a_margin_that_the_accuracy_does_not_allow_is_told_and_no_number_of_facts(tmp_path: Path) -> None:
    _, _, needed, *rest = sentences(tmp_path / "docs", 30, 3, "suppose.accuracy=2")
    assert needed == (
        "No exam sees 5 points (margin=5): at an average accuracy of 2%, two arms differ by at most 4.0 points. Set a smaller "
        "margin, or suppose.accuracy."
    )
    assert not any("trainings" in sentence for sentence in rest)


@pytest.mark.parametrize("trainings", [1, 5])
def test_the_recommendation_of_a_report_asks_for_as_many_facts(tmp_path: Path, tracking_uri: str, trainings: int) -> None:
    random, arms = np.random.default_rng(1), {"base": (0.45, 1), "tuned": (0.45, trainings)}
    study = planned(tmp_path / "docs", 30, 2, f"tracker.uri={tracking_uri}", f"seeds={trainings}")
    take(
        study,
        {
            name: ["".join(random.choice(["+", "-"], 60, p=[right, 1 - right])) for _ in range(count)]
            for name, (right, count) in arms.items()
        },
    )
    tracked = [Tracked(row=run, answers=study.tracker.rows(run.id, "answers")) for run in study.tracker.history()]
    advised = compare(tracked).advice[-1].sentence
    exam = PlannedExam(study, ["human 5x"], ["base"], trainings)
    (foretold,) = (note for note in notes(exam) if note.startswith("To see"))
    facts = re.search(rf"about ([0-9,]+) facts of 2 questions with {trainings} training", foretold)
    assert facts
    assert f"ask about {facts[1]} facts" in advised
    # What this one pair shows, if it is extended to so many facts, is near the margin too.
    pair = contrast(
        *(arm.grades([question.id for question in study.material.questions]) for arm in tracked), np.arange(30).repeat(2)
    )
    assert pair
    assert pair.detectable(0.05, float(facts[1].replace(",", "")) / 30) == pytest.approx(0.05, rel=0.2)


def test_questions_without_a_fact_are_counted(tmp_path: Path) -> None:
    *_, last = sentences(tmp_path / "docs", 12, 0)
    assert last.startswith("12 of 12 questions name no fact, so each of them counts as a fact of its own.")


@pytest.mark.parametrize(("part", "text"), [(0.5, "50%"), (0.4452, "44.5%"), (0.05, "5%")])
def test_shares_are_short(part: float, text: str) -> None:
    assert share(part) == text


def test_no_difference_is_none() -> None:
    assert (points(None), points(0.051)) == ("none", "5.1 points")
