"""Systems are compared on the items that every one has graded."""

from pathlib import Path

import pytest

from runner.errors import InvalidInput
from tests.logs.given import BASE, DATA, TUNED, Row, answers, systems, table


def test_systems_of_one_exam_have_the_same_items_in_the_same_order() -> None:
    both = systems(BASE, TUNED, score="includes", cluster="fact")
    assert (len(both.items), len(set(both.clusters)), both.score) == (9, 3, "includes")
    assert [system.means.sum() for system in both.systems] == [0, 7]


def test_an_item_that_one_system_lacks_or_has_ungraded_counts_for_none(tmp_path: Path) -> None:
    files = [
        table(tmp_path / f"{name}.csv", answers(name, grades)) for name, grades in {"a": [1, 1, 0, 1], "b": [0, "", 1]}.items()
    ]
    both = systems(*files)
    assert both.items == ["0", "2"]
    assert [(system.asked, len(system.graded)) for system in both.systems] == [(4, 4), (3, 2)]
    assert [system.means.tolist() for system in both.systems] == [[1, 0], [0, 1]]


def test_an_item_with_one_graded_trial_is_graded(tmp_path: Path) -> None:
    rows: list[Row] = [{"item": 0, "system": "a", "score": score, "trial": trial} for trial, score in enumerate(["", 1])]
    both = systems(table(tmp_path / "a.csv", [*rows, *answers("b", [0])]))
    assert both.systems[0].means.tolist() == [1]


def test_one_system_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"found one system, a. Expected two or more"):
        systems(table(tmp_path / "a.csv", answers("a", [1])))


def test_logs_without_a_common_item_are_refused_with_an_item_of_each(tmp_path: Path) -> None:
    rows: list[Row] = [{"item": "x", "system": "a", "score": 1}, {"item": "y", "system": "b", "score": 1}]
    with pytest.raises(InvalidInput, match=r"a and b have no graded item in common: a has 'x', b has 'y'"):
        systems(table(tmp_path / "a.csv", rows))


def test_a_system_without_a_grade_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"b: no answer is graded"):
        systems(table(tmp_path / "a.csv", [*answers("a", [1]), *answers("b", [""])]))


def test_systems_that_share_items_by_twos_alone_are_refused(tmp_path: Path) -> None:
    pairs = {"a": (1, 2), "b": (2, 3), "c": (3, 1)}
    rows: list[Row] = [{"item": item, "system": name, "score": 1} for name, items in pairs.items() for item in items]
    with pytest.raises(InvalidInput, match=r"no item is graded for every system, though each two systems share some"):
        systems(table(tmp_path / "a.csv", rows))


def test_epochs_of_one_run_are_averaged_and_runs_are_kept_apart(tmp_path: Path) -> None:
    epochs = DATA / "inspect_ai/fact-1x-two-epochs.eval"
    both = systems(BASE, epochs, score="includes")
    assert [system.scores.shape for system in both.systems] == [(1, 9), (1, 9)]
    rows: list[Row] = [{"item": 0, "system": "a", "score": score, "trial": trial} for trial, score in enumerate([0, 1])]
    both = systems(table(tmp_path / "a.csv", [*rows, *answers("b", [0])]))
    assert [system.scores.tolist() for system in both.systems] == [[[0], [1]], [[0]]]


def test_a_run_without_any_common_item_is_left_out(tmp_path: Path) -> None:
    rows = [*answers("a", [1, 0]), *answers("b", [1, 1]), {"item": 9, "system": "b", "score": 1, "trial": 2}]
    both = systems(table(tmp_path / "a.csv", rows))
    assert [system.scores.tolist() for system in both.systems] == [[[1, 0]], [[1, 1]]]
