"""What is missing or unequal in logs is said in sentences."""

from pathlib import Path

from runner.logs.alignment import Systems
from runner.logs.notes import notes
from tests.logs.given import BASE, DATA, TUNED, Row, answers, systems, table


def said(both: Systems) -> list[str]:
    """The sentences, without the one that most logs get: that each system was run once."""
    return [note for note in notes(both) if "run once" not in note]


def test_systems_that_were_run_once_are_told_so(tmp_path: Path) -> None:
    rows: list[Row] = [{"item": 0, "system": "a", "score": 1, "trial": trial, "cluster": "x"} for trial in (1, 2)]
    file = table(tmp_path / "a.csv", [*rows, *answers("b", [0], cluster="x"), *answers("c", [0], cluster="x")])
    assert any(note.startswith("b and c were run once. So the verdicts are about these runs") for note in notes(systems(file)))
    (note,) = notes(systems(BASE, TUNED, score="includes", cluster="fact"))
    assert note.startswith("Each system was run once.")


def test_complete_logs_with_clusters_need_no_sentence() -> None:
    assert said(systems(BASE, TUNED, score="includes", cluster="fact")) == []


def test_missing_and_ungraded_items_are_counted_and_named(tmp_path: Path) -> None:
    rows = [*answers("a", [1] * 9, cluster="x"), *answers("b", [1, "", 1, ""], cluster="x")]
    first, second = said(systems(table(tmp_path / "a.csv", rows)))
    assert first.startswith("All numbers are about the 2 of 9 items that are graded for every system.")
    assert second == "b lacks 7 items, 2 of them without a grade: 1, 3, 4, …."


def test_one_missing_item_is_no_items(tmp_path: Path) -> None:
    _, second = said(systems(table(tmp_path / "a.csv", [*answers("a", [1] * 2, cluster="x"), *answers("b", [1], cluster="x")])))
    assert second == "b lacks 1 item: 1."


def test_unequal_numbers_of_answers_are_named_by_system(tmp_path: Path) -> None:
    rows: list[Row] = [*answers("a", [1, 0], cluster="x", trial=1), *answers("a", [1], cluster="x", trial=2)]
    (note,) = said(systems(table(tmp_path / "a.csv", [*rows, *answers("b", [0, 1], cluster="x", trial=1)])))
    assert note.startswith("The items have unequal numbers of graded answers: a 1 to 2, b 1.")


def test_items_without_clusters_are_told_with_what_to_name(tmp_path: Path) -> None:
    (note,) = said(systems(BASE, TUNED, score="includes"))
    assert note.startswith("The logs name no clusters, so each of these items counts as independent")
    assert note.endswith("--cluster FIELD")
    rows = [{**row, "cluster": "x" if row["item"] else ""} for system in "ab" for row in answers(system, [1, 1, 1])]
    (note,) = said(systems(table(tmp_path / "a.csv", rows)))
    assert note.startswith("1 of 3 items name no cluster")


def test_what_a_log_says_of_itself_comes_last(tmp_path: Path) -> None:
    text = (DATA / "inspect_ai/fact-1x.json").read_text().replace('"status": "success"', '"status": "error"', 1)
    (tmp_path / "broken.json").write_text(text)
    (note,) = said(systems(BASE, tmp_path / "broken.json", score="includes", cluster="fact"))
    assert "ended with the status 'error'" in note
