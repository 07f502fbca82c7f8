"""Tables of scores are read, in three formats."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from runner.errors import InvalidInput
from tests.logs.given import Row, answers, lines, scores, table

ROWS: list[Row] = [
    {"item": 1, "system": "a", "score": 0.5, "cluster": "x", "trial": 1},
    {"item": 1, "system": "a", "score": 1, "cluster": "x", "trial": 2},
    {"item": 2, "system": "b", "score": None, "cluster": "", "trial": 1},
]


def written(folder: Path, kind: str) -> Path:
    if kind == "csv":
        return table(folder / "a.csv", ROWS)
    if kind == "jsonl":
        return lines(folder / "a.jsonl", ROWS)
    pq.write_table(pa.Table.from_pylist(ROWS), folder / "a.parquet")
    return folder / "a.parquet"


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_every_format_gives_the_same_scores(kind: str, tmp_path: Path) -> None:
    read = [(score.system, score.item, score.trial, score.value, score.cluster) for score in scores(written(tmp_path, kind))]
    assert read == [("a", "1", "1", 0.5, "x"), ("a", "1", "2", 1.0, "x"), ("b", "2", "1", None, "")]


def test_item_and_score_are_enough(tmp_path: Path) -> None:
    (score,) = scores(table(tmp_path / "a.csv", [{"item": "q", "score": 1}]))
    assert (score.system, score.trial, score.cluster, score.task) == ("", "", "", "")


def test_an_answer_may_be_longer_than_a_field_of_csv(tmp_path: Path) -> None:
    (score,) = scores(table(tmp_path / "a.csv", [{"item": "q", "score": 1, "answer": "yes " * 50_000}]))
    assert score.answer.startswith("yes yes")


def test_another_column_can_be_the_score_or_the_cluster(tmp_path: Path) -> None:
    (score,) = scores(table(tmp_path / "a.csv", [{"item": "q", "f1": 0.3, "page": 7}]), "f1", "page")
    assert (score.value, score.cluster) == (0.3, "7")


def test_one_item_may_stand_in_several_tasks(tmp_path: Path) -> None:
    file = table(tmp_path / "a.csv", [{"item": 1, "task": task, "score": 1} for task in ("t", "u")])
    assert [(score.task, score.item) for score in scores(file)] == [("t", "t/1"), ("u", "u/1")]


@pytest.mark.parametrize(("text", "value"), [("true", 1), ("FALSE", 0), ("pass", 1), ("NaN", None), ("", None), ("1e-1", 0.1)])
def test_words_for_right_wrong_and_ungraded_are_read(text: str, value: float | None, tmp_path: Path) -> None:
    assert [score.value for score in scores(table(tmp_path / "a.csv", answers("a", [text])))] == [value]


def test_other_words_are_refused_with_their_line(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"a\.csv:3: the score is 'good'. Expected a number"):
        scores(table(tmp_path / "a.csv", answers("a", [1, "good"])))


def test_a_missing_column_is_refused_with_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"no column score. It has item, f1. .*--score NAME"):
        scores(table(tmp_path / "a.csv", [{"item": 1, "f1": 1}]))


def test_a_row_without_an_item_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"a\.csv:2: no item"):
        scores(table(tmp_path / "a.csv", [{"item": " ", "score": 1}]))


def test_a_row_with_more_fields_than_the_header_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("item,score\n1,0,5\n")
    with pytest.raises(InvalidInput, match=r"a\.csv:2: the row has more or fewer fields"):
        scores(tmp_path / "a.csv")


def test_question_reference_and_answer_are_kept_for_people(tmp_path: Path) -> None:
    (score,) = scores(table(tmp_path / "a.csv", [{"item": 1, "score": 1, "question": "Who?", "answer": "x" * 1000}]))
    assert (score.question, score.reference, len(score.answer)) == ("Who?", "", 400)
