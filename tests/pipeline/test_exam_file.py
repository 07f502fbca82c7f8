"""An exam that a program made lies in a file of its own, which people can correct and take."""

import json
import logging
from dataclasses import replace
from pathlib import Path

import pytest

from runner.config.study import Study
from runner.data.own_folders import is_own
from runner.errors import Fault
from runner.pipeline.exam_file import exam_file, tell_exam
from tests.given import study
from tests.teacher import corpus


@pytest.fixture
def chosen(tmp_path: Path) -> list[str]:
    """Overrides of a small corpus."""
    return corpus(tmp_path)


@pytest.fixture
def cloze(tmp_path: Path, chosen: list[str]) -> Study:
    """A study with an exam of gaps."""
    return study(*chosen, "exam=cloze", f"exam.folder={tmp_path}/exams")


def test_an_exam_that_was_not_changed_is_the_same_exam(cloze: Study, chosen: list[str]) -> None:
    file = exam_file(cloze)
    assert file and file.parent.name.startswith("docs-")
    assert is_own(file.parent)
    again = study(*chosen, f"exam.path={file}")
    assert again.material == cloze.material
    assert again.exam_set.origin == cloze.exam_set.origin
    assert [again.key(arm) for arm in again.arms] == [cloze.key(arm) for arm in cloze.arms]


def test_a_corrected_exam_is_another_one_and_says_that_it_was_changed(cloze: Study, chosen: list[str]) -> None:
    file = exam_file(cloze)
    assert file
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    rows[0]["aliases"] = ["another"]
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    changed = study(*chosen, f"exam.path={file}")
    assert changed.exam_set.origin.startswith("made of gaps in sentences of the documents, then changed by hand; a right")
    assert changed.key("tuned") != cloze.key("tuned")
    # The file of a person stays as it is.
    assert exam_file(cloze) == file
    assert "another" in file.read_text()


def test_questions_that_a_person_says_were_checked_are_tracked_as_such(cloze: Study, chosen: list[str], tmp_path: Path) -> None:
    file = exam_file(cloze)
    assert file
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    copy = tmp_path / "checked.jsonl"
    copy.write_text("".join(f"{json.dumps(row | {'origin': 'checked by Ada'})}\n" for row in rows))
    checked = study(*chosen, f"exam.path={copy}")
    assert (checked.exam_set.origin, checked.material) == ("checked by Ada", cloze.material)
    assert not {checked.key(arm) for arm in checked.arms} & {cloze.key(arm) for arm in cloze.arms}


def test_an_exam_of_people_has_its_own_file_already(chosen: list[str]) -> None:
    assert exam_file(study(*chosen)) is None


def test_the_log_says_where_it_is_and_how_to_take_it(cloze: Study, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "runner"):
        tell_exam(cloze)
    assert "exam=file exam.path=" in caplog.messages[-1]


def test_the_log_names_the_practice(cloze: Study, caplog: pytest.LogCaptureFixture) -> None:
    practising = replace(cloze)  # a copy that has not made its exam
    questions = cloze.exam_set.questions
    vars(practising)["exam_set"] = replace(cloze.exam_set, practice=questions[:2])
    with caplog.at_level(logging.INFO, "runner"):
        tell_exam(practising)
    assert any("practice (2 questions that are no part of the exam): " in message for message in caplog.messages)


def test_an_exam_that_was_corrected_in_place_is_told_not_to_be_the_one_that_is_taken(
    cloze: Study, caplog: pytest.LogCaptureFixture
) -> None:
    file = exam_file(cloze)
    assert file
    file.write_text(file.read_text().replace("gap", "hole"))
    tell_exam(cloze)
    assert caplog.messages == [
        f"{file} was changed by hand, but this run takes the exam as it was written. Take yours: exam=file exam.path={file}"
    ]


def test_a_folder_that_can_not_be_written_is_named(cloze: Study, tmp_path: Path) -> None:
    (tmp_path / "exams").write_text("a file")
    with pytest.raises(Fault, match=r"exam\.folder=.*/exams: can't be written"):
        exam_file(cloze)


def test_an_origin_that_can_not_be_read_is_named_with_what_to_do(cloze: Study, chosen: list[str]) -> None:
    file = exam_file(cloze)
    assert file
    (file.parent / "origin.json").write_text("[]")
    with pytest.raises(Fault, match=r"origin\.json can't be read .* Put the written one back"):
        _ = study(*chosen, f"exam.path={file}").exam_set
