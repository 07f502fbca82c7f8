"""Tracked rows to the comparison: names by what varies, the best marked, what failed or fell short shown."""

from pathlib import Path

import pytest

from runner.comparison import compare, figure, show
from runner.tracker import Row


def tuned(identity: str, accuracy: float | None, **parameters: str) -> Row:
    numbers = {} if accuracy is None else {"accuracy": accuracy, "accuracy/men": accuracy, "gain/base": accuracy - 0.1}
    given = {"method": "fact", "size": "5x", "labels": "150", "seed": "0", **parameters}
    return Row(identity, "n", "FAILED" if accuracy is None else "FINISHED", {"runner.arm": "tuned"}, given, numbers)


def baseline(name: str, accuracy: float, **parameters: str) -> Row:
    return Row(name, name, "FINISHED", {"runner.arm": name}, parameters, {"accuracy": accuracy, "accuracy/men": accuracy})


def line(printed: str, start: str) -> str:
    (found,) = [row for row in printed.splitlines() if row.startswith(f"│ {start}")]
    return found


def test_baselines_come_first_and_tuned_arms_in_the_order_of_the_sweep() -> None:
    rows = [tuned("2", 0.5, size="5x"), tuned("1", 0.6, size="1x"), baseline("base", 0.1), baseline("rag", 0.7)]
    assert [arm.name for arm in compare(rows).arms] == ["base", "rag", "fact 5x", "fact 1x"]


def test_a_tuned_arm_is_named_by_method_size_and_what_varies_and_nothing_else() -> None:
    rows = [tuned("1", 0.5, seed="0", **{"tuner.rate": "1e-3"}), tuned("2", 0.6, seed="1", **{"tuner.rate": "1e-3"})]
    assert [arm.name for arm in compare(rows).arms] == ["fact 5x seed=0", "fact 5x seed=1"]


def test_a_setting_that_only_one_arm_has_stands_in_its_name() -> None:
    rows = [tuned("1", 0.5), tuned("2", 0.6, **{"tuner.rate": "1e-3"})]
    assert [arm.name for arm in compare(rows).arms] == ["fact 5x", "fact 5x tuner.rate=1e-3"]


def test_two_baselines_are_named_apart_by_what_varies() -> None:
    rows = [baseline("rag", 0.7, retriever="lexical"), baseline("rag", 0.8, retriever="dense"), tuned("1", 0.5)]
    assert len({arm.name for arm in compare(rows).arms}) == 3


def test_only_the_best_tuned_arm_is_marked_even_where_a_baseline_is_better(capsys: pytest.CaptureFixture[str]) -> None:
    show(compare([baseline("rag", 0.9), tuned("1", 0.5, size="1x"), tuned("2", 0.75, size="5x")]))
    printed = capsys.readouterr().out
    assert [word in printed for word in ("rag *", "fact 1x *", "fact 5x *")] == [False, False, True]
    assert "* the best tuned arm" in printed


def test_a_line_shows_labels_percentages_and_the_gain(capsys: pytest.CaptureFixture[str]) -> None:
    show(compare([baseline("base", 0.1), tuned("1", 0.625)]))
    printed = capsys.readouterr().out
    cells = [cell.strip() for cell in line(printed, "fact 5x").strip("│").split("│")]
    assert cells == ["fact 5x *", "150", "62.5", "62.5", "+52.5", ""]


def test_an_arm_that_failed_is_shown_as_failed_and_is_never_the_best(capsys: pytest.CaptureFixture[str]) -> None:
    show(compare([tuned("1", None)]))
    printed = capsys.readouterr().out
    assert "failed" in line(printed, "fact 5x")
    assert "*" not in printed


def test_a_number_of_an_arm_that_did_not_finish_does_not_count() -> None:
    half = Row("1", "n", "RUNNING", {"runner.arm": "tuned"}, {"method": "fact", "size": "5x"}, {"accuracy": 0.9})
    comparison = compare([half, tuned("2", 0.5, size="1x")])
    assert comparison.best == 0.5
    assert comparison.records()[0]["accuracy"] is None


def test_an_arm_with_too_few_labels_says_so_below_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    show(compare([tuned("1", 0.5, shortage="3 of 30 units hold less than 5x", labels="147")]))
    assert "fact 5x: 3 of 30 units hold less than 5x; trained on the 147 there are\n" in capsys.readouterr().out


def test_ungraded_answers_are_told_below_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    row = tuned("1", 0.5)
    show(compare([Row(row.id, row.name, row.status, row.tags, row.parameters, {**row.metrics, "ungraded": 2.0})]))
    assert "fact 5x: 2 answers have no readable verdict and count neither way\n" in capsys.readouterr().out


@pytest.mark.parametrize("documents", ["[rugby,fifa]", "[/docs/a]"])
def test_a_name_with_brackets_is_shown_as_it_is(capsys: pytest.CaptureFixture[str], documents: str) -> None:
    show(compare([tuned("1", 0.5, **{"corpus.documents": documents}), tuned("2", 0.6)]))
    assert f"corpus.documents={documents}" in capsys.readouterr().out


def test_a_comparison_without_arms_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    show(compare([]))
    assert "Accuracy" in capsys.readouterr().out


def test_records_hold_a_flat_row_for_each_arm_with_each_category() -> None:
    row = compare([baseline("base", 0.1), tuned("7", 0.5)]).records()[1]
    assert row == {
        "arm": "fact 5x",
        "status": "FINISHED",
        "labels": 150,
        "accuracy/men": 0.5,
        "accuracy": 0.5,
        "gain/base": 0.4,
        "gap/rag": None,
        "run": "7",
    }


def test_a_category_that_bears_a_columns_name_overwrites_nothing() -> None:
    row = Row("1", "n", "FINISHED", {"runner.arm": "base"}, {}, {"accuracy": 0.5, "accuracy/status": 0.25, "accuracy/arm": 0.75})
    (record,) = compare([row]).records()
    assert (record["arm"], record["status"]) == ("base", "FINISHED")


def test_a_figure_is_written_as_png_into_a_folder_that_is_made(tmp_path: Path) -> None:
    rows = [
        baseline("base", 0.1),
        baseline("rag", 0.7),
        tuned("1", 0.5, labels="30", size="1x"),
        tuned("2", 0.6),
        tuned("3", None),
    ]
    figure(compare(rows), tmp_path / "made" / "accuracy.png")
    assert (tmp_path / "made" / "accuracy.png").read_bytes().startswith(b"\x89PNG\r\n")


def test_a_figure_without_arms_is_written(tmp_path: Path) -> None:
    figure(compare([]), tmp_path / "accuracy.png")
    assert (tmp_path / "accuracy.png").stat().st_size > 1000
