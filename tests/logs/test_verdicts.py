"""Systems of logs are compared in families, on any scores from 0 to 1."""

from pathlib import Path

import numpy as np
import pytest

from runner.logs.alignment import Systems
from runner.logs.verdicts import LoggedExam
from runner.statistics import Verdict
from tests.logs.given import Row, answers, systems, table


def exam(read: Systems, error: float = 0.05) -> LoggedExam:
    return LoggedExam.of(read, error)


def several(folder: Path, grades: dict[str, list[float]], **more: object) -> Systems:
    rows: list[Row] = [row for name, own in grades.items() for row in answers(name, own, **more)]
    return systems(table(folder / "a.csv", rows))


def test_differences_are_paired_by_item(tmp_path: Path) -> None:
    hard = [0.0, 1.0] * 20
    better = [1.0 if place % 5 == 0 else grade for place, grade in enumerate(hard)]
    (pair,) = exam(several(tmp_path, {"a": hard, "b": better})).pairs("a")
    # Four items are won and none is lost: by chance that happens once in eight times.
    assert (pair.difference.estimate, pair.p) == (pytest.approx(0.1), pytest.approx(0.125))
    assert pair.verdict == Verdict.UNDECIDED


def test_all_are_compared_with_the_base_and_then_with_each_other(tmp_path: Path) -> None:
    read = several(tmp_path, dict.fromkeys("abc", [1.0, 0.0] * 5))
    pairs = exam(read).pairs("b")
    assert [(pair.first, pair.second) for pair in pairs] == [("b", "a"), ("b", "c"), ("a", "c")]
    assert [pair.family for pair in pairs] == ["2 comparisons with b"] * 2 + ["1 comparison between systems other than b"]


def test_items_of_one_cluster_count_as_less_evidence(tmp_path: Path) -> None:
    rows: list[Row] = []
    for system, grade in (("a", 0), ("b", 1)):
        rows += [{"item": item, "system": system, "score": grade, "cluster": item // 10} for item in range(40)]
    clustered = systems(table(tmp_path / "a.csv", rows))
    alone = several(tmp_path, {"a": [0.0] * 40, "b": [1.0] * 40})
    assert [exam(read).pairs("a")[0].verdict for read in (alone, clustered)] == [Verdict.BETTER, Verdict.UNDECIDED]


def test_fractions_of_a_point_on_every_item_are_seen(tmp_path: Path) -> None:
    scores = np.random.default_rng(0).random(60) * 0.9
    (pair,) = exam(several(tmp_path, {"a": list(scores), "b": list(scores + 0.03)})).pairs("a")
    assert pair.difference.estimate == pytest.approx(0.03)
    assert pair.p < 0.05


def test_tasks_are_a_family_of_their_own_and_have_their_own_means(tmp_path: Path) -> None:
    rows: list[Row] = []
    for task, grade in (("t", 1), ("u", 0)):
        rows += [{"item": item, "system": name, "score": grade, "task": task} for name in "ab" for item in range(3)]
    prepared = exam(systems(table(tmp_path / "a.csv", rows)))
    assert prepared.several_tasks == ["t", "u"]
    assert [prepared.mean(prepared.systems[0], task).estimate for task in ("", "t", "u")] == [0.5, 1, 0]
    assert [pair.category for pair in prepared.pairs("a")] == ["", "t", "u"]


def test_runs_that_differ_as_a_whole_decide_less_than_epochs_of_one_run(tmp_path: Path) -> None:
    """Two runs, one all right and one all wrong, show nothing about a third."""
    rows: list[Row] = []
    for trial, grade in enumerate((1, 0, 0)):
        rows += [{"item": item, "system": "b", "score": grade, "trial": trial} for item in range(40)]
    rows += [{"item": item, "system": "a", "score": 0, "trial": trial} for item in range(40) for trial in range(3)]
    (pair,) = exam(systems(table(tmp_path / "a.csv", rows))).pairs("a")
    assert (round(pair.difference.estimate, 3), pair.verdict) == (0.333, Verdict.UNDECIDED)


def test_right_and_wrong_have_the_interval_of_our_own_tables(tmp_path: Path) -> None:
    prepared = exam(several(tmp_path, {"a": [1.0] * 12, "b": [0.5] * 12}))
    whole, half = (prepared.mean(system) for system in prepared.systems)
    assert (whole.estimate, whole.high) == (1, 1)
    assert 0.7 < whole.low < 0.9
    assert half.low < half.estimate < half.high


@pytest.mark.parametrize("grades", [[1, 0] * 10, [0.7, 0.2] * 10])
def test_a_run_that_did_not_take_a_task_leaves_its_interval_to_the_other_runs(grades: list[float], tmp_path: Path) -> None:
    rows: list[Row] = [row for name in "ab" for task in "tu" for row in answers(name, grades, task=task, trial=1)]
    once = exam(systems(table(tmp_path / "once.csv", rows)))
    twice = exam(systems(table(tmp_path / "twice.csv", [*rows, *answers("b", grades, task="t", trial=2)])))
    assert len(twice.systems[1].scores) == 2
    assert twice.mean(twice.systems[1], "u") == once.mean(once.systems[1], "u")
