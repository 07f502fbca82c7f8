"""Samples of lm-evaluation-harness are read as it wrote them."""

from pathlib import Path

import pytest

from runner.errors import InvalidInput
from runner.logs import Choices
from runner.logs.reading import files, opened
from tests.logs.given import DATA, lines, scores

FOLDER = DATA / "lm_eval/fact-5x"
STRICT = "exact_match,strict"


def sample(document: int, **more: object) -> dict[str, object]:
    return {"doc_id": document, "doc": {"topic": "a"}, "target": "x", "resps": [["y"]], **more}


def test_a_folder_gives_system_task_item_score_cluster_and_hash_of_each_document() -> None:
    read = scores(FOLDER, STRICT, "fact")
    assert [(score.item, score.value) for score in read] == [("0", 1), ("1", 1), ("30", 0), ("31", 1), ("60", 0), ("61", 0)]
    first = read[0]
    assert (first.system, first.task) == ("fact-5x", "sports_exam")
    assert first.content == scores(DATA / "lm_eval/smollm2", STRICT)[0].content
    assert first.cluster == "Australia won the 2023 men's Cricket World Cup, their sixth title."


def test_each_filter_is_a_score_of_its_own() -> None:
    assert sum(score.value or 0 for score in scores(FOLDER, "exact_match,first-sentence")) == 3
    with pytest.raises(InvalidInput, match=r"several scores: exact_match,first-sentence, exact_match,strict"):
        scores(FOLDER)


def test_a_log_with_one_filter_needs_the_metric_alone(tmp_path: Path) -> None:
    rows = [sample(0, filter="none", metrics=["acc", "acc_norm"], acc=1.0, acc_norm=0.0)]
    file = lines(tmp_path / "samples_t_2026-11-29T10-32-23.383731.jsonl", rows)
    assert [score.value for score in scores(file, "acc_norm")] == [0.0]
    assert [score.value for score in scores(file, "acc,none")] == [1.0]
    with pytest.raises(InvalidInput, match=r"several scores: acc, acc_norm"):
        scores(file)


def test_a_file_of_an_older_version_has_no_list_of_metrics(tmp_path: Path) -> None:
    file = lines(tmp_path / "samples_t_2024-03-01T10-32-23.383731.jsonl", [sample(7, arguments=[], doc_hash="h", acc=1.0)])
    (score,) = scores(file)
    assert (score.item, score.value, score.task) == ("7", 1.0, "t")


def test_a_metric_that_is_no_number_is_refused(tmp_path: Path) -> None:
    file = lines(tmp_path / "samples_t.jsonl", [sample(0, metrics=["perplexity"], perplexity=[-3.5, 4])])
    with pytest.raises(InvalidInput, match=r"samples_t\.jsonl:1: perplexity is \[-3.5, 4\]. Expected a number"):
        scores(file)


def test_the_name_of_the_task_is_in_the_name_of_the_file() -> None:
    (file,) = files(FOLDER)
    assert opened(file, Choices(score=STRICT)).task == "sports_exam"


def test_the_summary_beside_the_samples_is_refused_with_what_to_name() -> None:
    (summary,) = FOLDER.glob("results_*.json")
    with pytest.raises(InvalidInput, match=r"is a summary of lm-evaluation-harness.*--log_samples"):
        scores(summary)


def test_question_reference_and_answer_are_kept_for_people(tmp_path: Path) -> None:
    first = scores(FOLDER, STRICT)[0]
    assert (first.question, first.reference, first.answer) == (
        "Which team won the men's Cricket World Cup in 2023?",
        "Australia",
        "Australia.",
    )
    (score,) = scores(
        lines(tmp_path / "samples_t.jsonl", [sample(0, metrics=["acc"], acc=1.0, filtered_resps=[["-1.5", "True"]])])
    )
    assert (score.question, score.answer) == ("{'topic': 'a'}", "-1.5, True")


def test_a_line_that_is_no_sample_is_refused_by_its_number(tmp_path: Path) -> None:
    file = lines(tmp_path / "samples_t.jsonl", [sample(0, metrics=["acc"], acc=1.0), {"doc_id": 1, "acc": 1.0}])
    with pytest.raises(InvalidInput, match=r"samples_t\.jsonl:2: no sample of lm-evaluation-harness"):
        scores(file)
