"""The pairs of a planned exam, and what it sees with other trainings and facts."""

from pathlib import Path

import pytest

from runner.preview.planned_exam import PlannedExam
from tests.preview.planned import planned

OFFLINE = "tracker.uri=http://127.0.0.1:9"


def exam(folder: Path, tuned: int, baselines: tuple[str, ...] = ("base", "rag"), trainings: int = 1) -> PlannedExam:
    """Thirty facts of three questions."""
    return PlannedExam(planned(folder, 30, 3, OFFLINE), [f"arm {number}" for number in range(tuned)], baselines, trainings)


def test_the_facts_of_the_exam_are_counted(tmp_path: Path) -> None:
    sizes = exam(tmp_path / "docs", 1).sizes
    assert (sizes.facts, sizes.questions, sizes.largest) == (30, 90, 3)


def test_a_question_without_a_fact_is_a_fact_of_its_own(tmp_path: Path) -> None:
    assert PlannedExam(planned(tmp_path / "docs", 7, 0, OFFLINE), ["arm"], ["base"], 1).sizes.facts == 7


@pytest.mark.parametrize(
    ("tuned", "baselines", "expected"),
    [
        (
            4,
            ("base", "rag"),
            [("two tuned arms", 1), ("two tuned arms", 6), ("a tuned arm and a baseline", 1), ("a tuned arm and a baseline", 4)],
        ),
        (2, (), [("two tuned arms", 1)]),
        (1, ("base",), [("a tuned arm and a baseline", 1)]),
        (1, (), [("a tuned arm and a baseline", 1)]),
    ],
)
def test_pairs_are_alone_or_as_many_as_are_tested_together(
    tmp_path: Path, tuned: int, baselines: tuple[str, ...], expected: list[tuple[str, int]]
) -> None:
    assert [(pairing.name, pairing.tests) for pairing in exam(tmp_path / "docs", tuned, baselines).pairings] == expected


def test_rows_hold_one_three_and_five_trainings_and_those_of_the_command(tmp_path: Path) -> None:
    rows = list(exam(tmp_path / "docs", 1, trainings=2).rows())
    assert [(trainings, sizes.facts) for trainings, sizes, _ in rows] == [
        (trainings, facts) for trainings in (1, 2, 3, 5) for facts in (30, 60, 120, 240)
    ]
    least = [seen[0] for _, _, seen in rows[:4]]
    assert least == sorted(least, reverse=True)  # each larger exam sees less


def test_a_pair_among_several_is_seen_at_a_larger_difference(tmp_path: Path) -> None:
    planned_exam = exam(tmp_path / "docs", 4)
    alone, corrected = (planned_exam.seen(pairing) for pairing in planned_exam.pairings[:2])
    assert alone is not None
    assert corrected is not None
    assert alone < corrected
