"""A comparison of logs is shown in a terminal, or as plain data."""

import json
from pathlib import Path

import pytest

from runner.logs.comparing import compare_systems
from runner.logs.table import record, show
from tests.comparison.test_table import cells
from tests.logs.given import Row, answers, systems, table

Capture = pytest.CaptureFixture[str]


def printed(folder: Path, rows: list[Row], capsys: Capture) -> str:
    show(compare_systems(systems(table(folder / "a.csv", rows))))
    return capsys.readouterr().out


def test_a_row_shows_the_mean_the_difference_with_its_interval_and_what_could_be_seen(tmp_path: Path, capsys: Capture) -> None:
    rows = [*answers("a", [0, 1] * 20), *answers("b", [1] * 40), *answers("c", [1, *[0, 1] * 19, 1])]
    output = printed(tmp_path, rows, capsys)
    assert output.startswith("Mean score on 40 items, in % (score)\n")
    assert cells(output, "system") == ["system", "score", "over a", "could be seen"]
    assert cells(output, "a") == ["a", "50.0 [35, 65]", "", ""]
    score, gain, seen = cells(output, "b")[1:]
    assert (score.split()[0], gain.split()[0], gain.split()[-1], seen) == ("100.0", "+50.0", "better", "")
    gain, seen = cells(output, "c")[2:]
    assert gain.startswith("+2.5 (−")
    assert gain.endswith(") ?")
    assert 5 < float(seen) < 60
    assert "corrected for 2 comparisons with a (Holm)" in " ".join(output.split())


@pytest.mark.parametrize(("name", "shown"), [("score", "(score)"), ("F1-Score", "(F1-Score)"), ("f1", "(score f1)")])
def test_the_title_names_the_score_and_does_not_say_score_twice(name: str, shown: str, tmp_path: Path, capsys: Capture) -> None:
    rows = [{"item": item, "system": system, name: 1} for system in "ab" for item in range(6)]
    show(compare_systems(systems(table(tmp_path / "a.csv", rows), score=name)))
    assert capsys.readouterr().out.startswith(f"Mean score on 6 items, in % {shown}\n")


def test_no_line_is_wider_than_a_hundred_columns(tmp_path: Path, capsys: Capture) -> None:
    rows = [row for place in range(9) for row in answers(f"a very long name of a system {'x' * 40} {place}", [1, 0] * 5)]
    assert max(map(len, printed(tmp_path, rows, capsys).splitlines())) <= 100


def test_clusters_runs_and_tasks_are_shown_where_there_are_any(tmp_path: Path, capsys: Capture) -> None:
    rows: list[Row] = []
    for name, trials in (("a", (1, 2)), ("b", (1,))):
        for task in ("t", "u"):
            more = {"system": name, "score": 1, "task": task, "cluster": "x"}
            rows += [{"item": item, "trial": trial, **more} for item in range(2) for trial in trials]
    output = printed(tmp_path, rows, capsys)
    assert "Mean score on 4 items in 1 cluster, in % (t and u, score)" in output
    assert "Mean score by task, in %" in output
    first = output.split("Mean score by task")[0]
    assert [cells(first, name)[1] for name in ("system", "a", "b")] == ["runs", "2", "1"]
    assert cells(first, "b")[-1] == "too few clusters"


def test_a_score_without_any_undecided_pair_needs_no_legend_for_it(tmp_path: Path, capsys: Capture) -> None:
    output = printed(tmp_path, [*answers("a", [0] * 20), *answers("b", [1] * 20)], capsys)
    assert "could be seen" not in output
    assert "\n?" not in output


def test_the_record_is_json_with_systems_pairs_sentences_and_notes(tmp_path: Path) -> None:
    rows = [*answers("a", [0] * 20), *answers("b", [1] * 20)]
    data = json.loads(json.dumps(record(compare_systems(systems(table(tmp_path / "a.csv", rows))))))
    assert (data["base"], data["items"], data["clusters"], data["error"]) == ("a", 20, 20, 0.05)
    assert [system["mean"] for system in data["systems"]] == [0, 1]
    (pair,) = data["pairs"]
    assert (pair["first"], pair["second"], pair["task"], pair["difference"], pair["verdict"]) == ("a", "b", "all", 1, "better")
    assert [len(data["verdicts"]), len(data["notes"])] == [1, 2]
