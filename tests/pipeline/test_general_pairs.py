"""General pairs that are missing or measured are refused before anything is trained."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from runner.config.study import Study
from runner.errors import Fault
from runner.keep.replay import Replay
from runner.pipeline.general_pairs import check_general_pairs
from tests import given


def with_pairs(study: Study, folder: Path, *questions: str) -> Study:
    folder.mkdir()
    (folder / "replay.jsonl").write_text("".join(json.dumps({"question": text, "answer": "x"}) + "\n" for text in questions))
    return replace(study, keep=Replay(share=0.1, path=str(folder)))


def test_pairs_of_a_folder_serve_where_nothing_general_is_measured(tmp_path: Path) -> None:
    study = with_pairs(given.study("retention=none"), tmp_path / "own", "What is rain?")
    check_general_pairs(study)
    assert study.general_pairs == (("What is rain?", "x"),)


def test_without_a_remedy_that_needs_them_no_pairs_are_read() -> None:
    assert given.study("retention=none").general_pairs == ()
    check_general_pairs(given.study("retention=none"))


def test_missing_pairs_are_refused_with_where_to_write_them() -> None:
    with pytest.raises(Fault, match=r"^keep=kl: retention=none has no general pairs to train on.*keep\.path=FOLDER"):
        check_general_pairs(given.study("retention=none", "keep=kl"))


def test_a_pair_that_is_measured_is_refused_with_its_question(study: Study, tmp_path: Path) -> None:
    with pytest.raises(Fault, match=r"1 of 2 general pairs are measured too(.|\n)*a general question: what is ICE"):
        check_general_pairs(with_pairs(study, tmp_path / "own", "what is ICE", "What is rain?"))


def test_a_pair_that_the_exam_asks_is_refused(study: Study, tmp_path: Path) -> None:
    asked = study.material.questions[3].question
    with pytest.raises(Fault, match=r"a question of the exam"):
        check_general_pairs(with_pairs(study, tmp_path / "own", asked))


def test_the_shipped_pairs_are_not_measured() -> None:
    check_general_pairs(given.study("keep=kl"))
