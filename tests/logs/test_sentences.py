"""Each system gets one sentence on how it stands to the base."""

from pathlib import Path

from runner.logs.comparing import compare_systems
from tests.logs.given import Row, answers, systems, table


def said(folder: Path, grades: dict[str, list[int]], **more: object) -> list[str]:
    rows: list[Row] = [row for name, own in grades.items() for row in answers(name, own, **more)]
    return [advice.sentence for advice in compare_systems(systems(table(folder / "a.csv", rows))).advice]


def test_decided_losses_come_first_and_then_gains_and_what_is_not_decided(tmp_path: Path) -> None:
    grades = {"base": [0, 1] * 30, "same": [1, 0, 1, 0, *[0, 1] * 28], "up": [1] * 60, "down": [0] * 60}
    first, second, third = said(tmp_path, grades)
    assert first.startswith("down is decidedly worse than base: −50.0 points (−")
    assert second.startswith("up is decidedly better than base: +50.0 points (+")
    assert third.startswith("It is not decided whether same is better or worse than base: +0.0 points (−")
    assert third.endswith("points four times in five.")


def test_too_few_clusters_are_said_with_the_number_that_a_verdict_needs(tmp_path: Path) -> None:
    (sentence,) = said(tmp_path, {"a": [0, 0, 0], "b": [1, 1, 1]})
    assert sentence == (
        "b and a: too few clusters for a verdict, 3 of at least 6. The difference on these items is +100.0 points."
    )


def test_the_reasons_give_both_means_and_p(tmp_path: Path) -> None:
    rows = [*answers("a", [0] * 20), *answers("b", [1] * 20)]
    (advice,) = compare_systems(systems(table(tmp_path / "a.csv", rows))).advice
    assert advice.because[0].startswith("b: 100.0% (")
    assert advice.because[1].startswith("a: 0.0% (")
    assert advice.because[2] == "p below 0.001, corrected for 1 comparison with a"


def test_large_clusters_are_told_to_be_split(tmp_path: Path) -> None:
    rows = [{**row, "cluster": place % 4} for system in "ab" for place, row in enumerate(answers(system, [1, 0] * 10))]
    (advice,) = compare_systems(systems(table(tmp_path / "a.csv", rows))).advice
    assert advice.sentence.endswith("+0.0 points. Smaller clusters need fewer: --cluster FIELD")
