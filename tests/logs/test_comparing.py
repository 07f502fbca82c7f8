"""Aligned systems become the record that tables and pages show."""

from pathlib import Path

import pytest

from runner.errors import InvalidInput
from runner.logs.comparing import compare_systems
from tests.logs.given import BASE, TUNED, answers, systems, table

BOTH = systems(BASE, TUNED, score="includes", cluster="fact")


def test_the_first_system_is_the_base_unless_another_is_named() -> None:
    names = ["openai-api/local/smollm2", "openai-api/local/fact-5x"]
    assert compare_systems(BOTH).base == names[0]
    other = compare_systems(BOTH, names[1])
    assert (other.base, [arm.name for arm in other.arms]) == (names[1], names[::-1])
    with pytest.raises(InvalidInput, match=r"no system is called 'c'. The systems are openai-api/local/smollm2 and"):
        compare_systems(BOTH, "c")


def test_the_record_counts_items_and_clusters_and_names_task_and_score() -> None:
    comparison = compare_systems(BOTH)
    assert (comparison.questions, comparison.facts, comparison.corpus, comparison.grader) == (9, 3, "exam", "includes")
    assert [arm.run for arm in comparison.arms] == [str(BASE), str(TUNED)]


def test_each_item_has_each_systems_score_and_its_number_of_answers() -> None:
    item = compare_systems(BOTH).items[3]
    assert (item.id, item.category) == ("fifa-world-cup-2018-01", "exam")
    assert [(response.passed, response.graded) for response in item.responses.values()] == [(0, 1), (0, 1)]


def test_the_means_of_several_runs_are_kept(tmp_path: Path) -> None:
    rows = [*answers("a", [1, 0], trial=1), *answers("a", [1, 1], trial=2), *answers("b", [0, 0])]
    arms = compare_systems(systems(table(tmp_path / "a.csv", rows))).arms
    assert [list(arm.seeds) for arm in arms] == [[0.5, 1], []]


def test_ungraded_answers_are_counted(tmp_path: Path) -> None:
    rows = [*answers("a", [1, ""]), *answers("b", [0, 0])]
    assert [arm.ungraded for arm in compare_systems(systems(table(tmp_path / "a.csv", rows))).arms] == [1, 0]
