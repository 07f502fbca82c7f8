"""A file of exam questions is read as a corpus's own exam, and checked against its sections."""

import json
import shutil
from pathlib import Path

import pytest

from runner.data.exam_set import ExamSet
from runner.data.records import Material
from runner.errors import Fault
from runner.exam_writing.exam_table import changed_by_hand, read_exam, write_exam
from tests.given import question, section

MATERIAL = Material(sections=(section(),), questions=())


def exam(folder: Path, **more: str) -> Path:
    """A file with a question on who won."""
    file = folder / "exam.jsonl"
    file.write_text(json.dumps({"question": "Who won?", "answer": "Ada", **more}) + "\n")
    return file


def test_a_file_and_its_folder_give_the_same_questions(tmp_path: Path) -> None:
    file = exam(tmp_path, section="cup.md#Final", fact="Ada won.")
    (question,) = read_exam(file, MATERIAL).questions
    assert (question.section, question.fact) == ("cup.md#Final", "Ada won.")
    assert read_exam(tmp_path, MATERIAL).questions == (question,)


def test_a_missing_file_is_named_with_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(Fault, match=r"exam\.path=.*/none\.jsonl: no such exam\. Expected a file of questions"):
        read_exam(tmp_path / "none.jsonl", MATERIAL)
    with pytest.raises(Fault, match=r"no such exam"):
        read_exam(tmp_path, MATERIAL)


def test_a_section_that_is_not_there_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(Fault, match=r"exam\.jsonl:1: no section 'cup\.md#Finale'.*cup\.md#Final"):
        read_exam(exam(tmp_path, section="cup.md#Finale"), MATERIAL)


def test_an_answer_that_its_section_does_not_state_is_noted(tmp_path: Path) -> None:
    file = exam(tmp_path, section="cup.md#Final")
    assert read_exam(file, MATERIAL).notes == ()
    file.write_text(file.read_text().replace('"Ada"', '"Bob"'))
    assert "1 of 1 answers stand nowhere in their section" in read_exam(file, MATERIAL).notes[0]


@pytest.mark.parametrize("beside", ["exam.csv", "exam.xlsx"])
def test_the_file_that_is_named_is_read_whatever_lies_beside_it(tmp_path: Path, beside: str) -> None:
    (tmp_path / beside).write_text("question,answer\nWho lost?,Bob\n")
    assert [asked.question for asked in read_exam(exam(tmp_path), MATERIAL).questions] == ["Who won?"]


@pytest.mark.parametrize("name", ["exam.xlsx", "exam.json", "exam"])
def test_a_file_of_another_format_is_refused_though_a_readable_one_lies_beside_it(tmp_path: Path, name: str) -> None:
    exam(tmp_path)
    (tmp_path / name).write_text("rows")
    with pytest.raises(Fault, match=rf"/{name} is not read\. Expected a file ending in \.jsonl"):
        read_exam(tmp_path / name, MATERIAL)


def _exam(practice: int) -> ExamSet:
    """An exam of one question, with so much practice."""
    further = tuple(question(f"further {number}", question=f"Who came {number}?") for number in range(practice))
    return ExamSet(questions=(question(),), practice=further, origin="written by m, not checked by a person")


def test_a_copy_under_another_name_and_the_practice_are_still_by_the_program(tmp_path: Path) -> None:
    written = write_exam(_exam(2), tmp_path)
    copy = tmp_path / "exam-fixed.jsonl"
    shutil.copy(written, copy)
    for file in (copy, tmp_path / "practice.jsonl"):
        assert read_exam(file, MATERIAL).origin == "written by m, not checked by a person"
    copy.write_text(copy.read_text().replace("Ada", "Bob"))
    assert read_exam(copy, MATERIAL).origin == "written by m, then changed by hand"
    assert changed_by_hand(tmp_path) == []


def test_a_larger_practice_replaces_the_smaller_one_unless_a_person_changed_it(tmp_path: Path) -> None:
    def practice() -> list[str]:
        return (tmp_path / "practice.jsonl").read_text().splitlines()

    sizes = []
    for size in (0, 2, 4, 2):
        write_exam(_exam(size), tmp_path)
        sizes.append(len(practice()) if size else 0)
    assert sizes == [0, 2, 4, 4]
    (tmp_path / "practice.jsonl").write_text(practice()[0])
    write_exam(_exam(5), tmp_path)
    assert len(practice()) == 1
    assert changed_by_hand(tmp_path) == [tmp_path / "practice.jsonl"]


@pytest.mark.parametrize("name", ["exam.jsonl", "practice.jsonl"])
def test_a_file_that_is_copied_out_of_its_folder_is_still_by_the_program(tmp_path: Path, name: str) -> None:
    write_exam(_exam(2), tmp_path / "exams")
    copy = tmp_path / "mine" / "exam.jsonl"
    copy.parent.mkdir()
    shutil.copy(tmp_path / "exams" / name, copy)
    assert read_exam(copy, MATERIAL).origin == "written by m, not checked by a person"
    assert read_exam(copy.parent, MATERIAL).questions[0].extra == {}


def test_a_person_says_row_by_row_what_was_checked(tmp_path: Path) -> None:
    def said(*origins: str) -> str:
        rows = ({"question": f"Who won {place}?", "answer": "Ada", "origin": origin} for place, origin in enumerate(origins))
        (tmp_path / "exam.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
        return read_exam(tmp_path, MATERIAL).origin

    model = "written by m, not checked by a person"
    assert said("", "") == ""
    assert said(model, "", model) == f"{model} (2 of 3 questions)"
    assert said("checked by Ada", "checked by Ada") == "checked by Ada"
    assert (
        said(f"{model}; a guess", "checked by Ada")
        == f"{model} (1 of 2 questions); a guess and checked by Ada (1 of 2 questions)"
    )
    write_exam(_exam(0), tmp_path)  # beside it, what the program says
    assert said(model, model) == "written by m, then changed by hand"
    assert said(model, "checked by Ada").startswith(f"{model} (1 of 2 questions) and checked by Ada")
    assert said("", "") == "written by m, then changed by hand"
