"""Logs of inspect_ai are read as it wrote them."""

import json
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from runner.errors import InvalidInput
from runner.logs import Choices
from runner.logs.reading import opened
from tests.logs.given import BASE, DATA, TUNED, scores

EPOCHS, PLAIN = DATA / "inspect_ai/fact-1x-two-epochs.eval", DATA / "inspect_ai/fact-1x.json"


def log(file: Path, samples: list[dict[str, Any]], **header: object) -> Path:
    """A log in inspect's JSON of these samples."""
    settings = {"task": "t", "model": "m"}
    samples = [{"id": number, "epoch": 1, "input": "?", "target": "!", **more} for number, more in enumerate(samples)]
    file.write_text(json.dumps({"version": 2, "status": "success", "eval": settings, **header, "samples": samples}))
    return file


def values(file: Path, score: str = "") -> list[float | None]:
    return [score.value for score in scores(file, score)]


def test_a_zip_log_gives_system_task_item_epoch_score_cluster_and_content() -> None:
    read = scores(TUNED, "includes", "fact")
    assert [score.value for score in read] == [1, 1, 1, 0, 1, 1, 1, 0, 1]
    first = read[0]
    assert (first.system, first.task, first.item, first.epoch) == (
        "openai-api/local/fact-5x",
        "exam",
        "cricket-world-cup-2023-01",
        "1",
    )
    assert first.cluster == "Australia won the 2023 men's Cricket World Cup, their sixth title."
    assert first.content == scores(BASE, "includes")[0].content


def test_a_json_log_gives_the_same_as_a_zip_log() -> None:
    read = {(score.item, score.value) for score in scores(EPOCHS, "includes") if score.epoch == "1"}
    assert {(score.item, score.value) for score in scores(PLAIN, "includes")} == read


def test_epochs_are_read() -> None:
    assert Counter(score.epoch for score in scores(EPOCHS, "includes")) == {"1": 9, "2": 9}


def test_a_score_that_is_a_number_stays_one() -> None:
    assert values(PLAIN, "f1")[3:7] == [1.0, 1.0, 0.33, 0.86]


def test_several_scorers_are_refused_with_their_names() -> None:
    with pytest.raises(InvalidInput, match=r"several scores: f1, includes. Name one of them: --score f1"):
        scores(BASE)


def test_a_field_that_no_item_has_is_refused_with_those_that_it_has() -> None:
    with pytest.raises(InvalidInput, match=r"no field 'topic'. Its fields: category, fact"):
        scores(BASE, "includes", "topic")


@pytest.mark.parametrize(
    ("value", "number"),
    [("C", 1), ("I", 0), ("P", 0.5), ("N", 0), (True, 1), ("yes", 1), ("No", 0), ("0.25", 0.25), (0.7, 0.7), (None, None)],
)
def test_words_are_the_numbers_that_inspect_makes_of_them(value: object, number: float | None, tmp_path: Path) -> None:
    file = log(tmp_path / "a.json", [{"scores": {"s": {"value": "C"}}}, {"scores": {"s": {"value": value}}}])
    assert values(file) == [1.0, number]


def test_a_word_that_is_no_score_is_refused_with_its_sample(tmp_path: Path) -> None:
    file = log(tmp_path / "a.json", [{"scores": {"s": {"value": "maybe"}}}])
    with pytest.raises(InvalidInput, match=r"sample 0: the score is 'maybe'"):
        values(file)


def test_a_scorer_with_several_values_is_chosen_by_both_names(tmp_path: Path) -> None:
    file = log(tmp_path / "a.json", [{"scores": {"judge": {"value": {"clear": 1, "right": 0}}}}] * 2)
    assert values(file, "judge/right") == [0, 0]
    with pytest.raises(InvalidInput, match=r"several scores: judge/clear, judge/right"):
        values(file)


def test_a_sample_that_failed_is_ungraded(tmp_path: Path) -> None:
    file = log(tmp_path / "a.json", [{"error": {"message": "time"}}, {"scores": {"s": {"value": 1}}}, {"scores": None}])
    assert values(file) == [None, 1.0, None]


def test_a_log_without_any_score_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"no answer is scored"):
        scores(log(tmp_path / "a.json", [{}]))


def test_an_evaluation_that_did_not_end_well_is_noted(tmp_path: Path) -> None:
    file = log(tmp_path / "a.json", [{"scores": {"s": {"value": 1}}}], status="cancelled")
    assert opened(file, Choices()).notes == [f"{file}: the evaluation ended with the status 'cancelled'; samples may be missing."]


def test_a_zip_log_that_was_cut_short_has_its_start_alone_and_is_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.eval", "w") as archive:
        archive.writestr("_journal/start.json", json.dumps({"version": 2, "eval": {"task": "t", "model": "m"}}))
        archive.writestr("samples/1_epoch_1.json", json.dumps({"id": 1, "epoch": 1, "scores": {"s": {"value": "C"}}}))
    read = opened(tmp_path / "a.eval", Choices())
    assert [(score.system, score.value) for score in read.scores()] == [("m", 1.0)]
    assert "status 'started'" in read.notes[0]


def test_the_ids_of_messages_do_not_belong_to_an_item(tmp_path: Path) -> None:
    asked = [{"id": "x1", "role": "user", "content": "Who?"}], [{"id": "y2", "role": "user", "content": "Who?"}]
    first, second = (
        scores(log(tmp_path / f"{number}.json", [{"input": messages, "scores": {"s": {"value": 1}}}]))
        for number, messages in enumerate(asked)
    )
    assert first[0].content == second[0].content


def test_question_reference_and_answer_are_kept_for_people(tmp_path: Path) -> None:
    first = scores(TUNED, "includes")[0]
    assert (first.question, first.answer) == ("Which team won the men's Cricket World Cup in 2023?", "Australia.")
    assert first.reference.startswith("Australia, the Australian team")
    parts = [{"type": "reasoning", "reasoning": "Hm."}, {"type": "text", "text": "Ada"}]
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Who?"}]
    more = {"input": messages, "output": {"choices": [{"message": {"content": parts}}]}, "scores": {"s": {"value": 1}}}
    (score,) = scores(log(tmp_path / "a.json", [more]))
    assert (score.question, score.reference, score.answer) == ("Who?", "!", "Ada")


@pytest.mark.parametrize(
    ("content", "message"), [("{", "samples/1.json is no JSON"), ('{"epoch": 1, "scores": {"s": {"value": 1}}}', "no id")]
)
def test_a_member_that_is_no_sample_is_refused_by_name(content: str, message: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.eval", "w") as archive:
        archive.writestr("header.json", "{}")
        archive.writestr("samples/1.json", content)
    with pytest.raises(InvalidInput, match=message):
        scores(tmp_path / "a.eval")
