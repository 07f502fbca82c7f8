"""A folder of general questions is read into GeneralSet, or refused with the file and the line that are wrong."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from pydantic import ValidationError

from runner.data.records import GeneralSet, Question
from runner.errors import Fault
from runner.retention.general import General


def line(question: str = "What is ice?", answer: str = "frozen water", **more: object) -> str:
    """A row of an exam or of pairs to replay."""
    return json.dumps({"question": question, "answer": answer, **more}) + "\n"


def folder(root: Path, **files: str) -> Path:
    """A folder of these files: exam_jsonl is exam.jsonl."""
    for name, text in files.items():
        (root / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return root


def read(root: Path, questions: int | None = None) -> GeneralSet:
    """All that the folder holds."""
    return General(path=str(root), floor=0.9, questions=questions).read()


def subjects(**shares: int) -> str:
    """An exam of so many questions on each subject, one subject after the other."""
    return "".join(line(f"{subject}{n}?", category=subject) for subject, share in shares.items() for n in range(share))


def test_questions_pairs_and_page_are_read(tmp_path):
    exam = line(id="q1", category="science", aliases=["solid water"])
    knowledge = read(folder(tmp_path, exam_jsonl=exam, replay_jsonl=line("What is rain?", "Water."), page_md="# Page\n\nText.\n"))
    ice = Question(id="q1", question="What is ice?", answer="frozen water", category="science", aliases=("solid water",))
    assert knowledge == GeneralSet(questions=(ice,), replay=(("What is rain?", "Water."),), page="# Page\n\nText.")


def test_pairs_and_page_may_be_missing(tmp_path):
    knowledge = read(folder(tmp_path, exam_jsonl=line()))
    assert (len(knowledge.questions), knowledge.replay, knowledge.page) == (1, (), "")


def test_both_tables_may_be_csv(tmp_path):
    exam = "question,answer,aliases\nWhat is ice?,frozen water,solid water | H2O\n"
    knowledge = read(folder(tmp_path, exam_csv=exam, replay_csv='question,answer\nWhat is rain?,"Water, falling."\n'))
    assert knowledge.questions[0].aliases == ("solid water", "H2O")
    assert knowledge.replay == (("What is rain?", "Water, falling."),)


def test_a_question_without_an_id_or_a_category_gets_them(tmp_path):
    (question,) = read(folder(tmp_path, exam_jsonl=line("What is the ICE?"))).questions
    assert (question.id, question.category) == ("what is ice", "uncategorised")


def test_fewer_questions_are_the_first_of_more(tmp_path):
    folder(tmp_path, exam_jsonl=subjects(a=20, b=10))
    everything = read(tmp_path).questions
    assert len(everything) == 30
    assert [read(tmp_path, count).questions for count in (3, 12)] == [everything[:3], everything[:12]]


@pytest.mark.parametrize("count", [3, 9, 15, 30])
def test_fewer_questions_hold_the_subjects_in_their_shares(tmp_path, count):
    asked = Counter(question.category for question in read(folder(tmp_path, exam_jsonl=subjects(a=20, b=10)), count).questions)
    assert asked == {"a": count * 2 // 3, "b": count // 3}


def test_fewer_questions_are_not_those_at_the_top_of_the_file(tmp_path):
    asked = {question.question for question in read(folder(tmp_path, exam_jsonl=subjects(a=40)), 10).questions}
    assert asked != {f"a{n}?" for n in range(10)}


def test_the_first_pairs_to_replay_hold_the_subjects_in_their_shares(tmp_path):
    pairs = read(folder(tmp_path, exam_jsonl=line(), replay_jsonl=subjects(a=20, b=20))).replay
    assert Counter(question[0] for question, _ in pairs[:10]) == {"a": 5, "b": 5}


def test_more_questions_than_there_are_is_all_of_them(tmp_path):
    assert len(read(folder(tmp_path, exam_jsonl=line()), 100).questions) == 1


def test_the_name_is_the_folders(tmp_path):
    assert General(path=str(tmp_path / "my-general"), floor=0.9).name == "my-general"


@pytest.mark.parametrize("floor", [-0.1, 1.1, float("nan"), "high"])
def test_a_floor_that_is_no_share_is_refused(floor):
    with pytest.raises(ValidationError, match="floor"):
        General(path="somewhere", floor=floor)


@pytest.mark.parametrize("floor", [0, 0.5, 1])
def test_a_floor_may_be_any_share(floor):
    assert General(path="somewhere", floor=floor).floor == floor


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, "has no exam.jsonl or exam.csv"),
        ({"replay_jsonl": line()}, "has no exam.jsonl or exam.csv"),
        ({"exam_jsonl": ""}, "exam.jsonl holds no line"),
        ({"exam_jsonl": line() + "{"}, "exam.jsonl:2: not JSON"),
        ({"exam_jsonl": line() + line(answer="")}, "exam.jsonl:2: answer: string should have at least 1 character"),
        ({"exam_jsonl": line() + line("What is the ice?")}, "exam.jsonl:2: the same question as"),
        ({"exam_jsonl": line(section="a")}, "answer and, where known, category, id, aliases"),
        ({"exam_jsonl": line(), "exam_csv": "question,answer\na,b\n"}, "holds both exam.jsonl and exam.csv"),
        ({"exam_jsonl": line(), "replay_jsonl": line("What is rain?", answer="")}, "replay.jsonl:1: answer: "),
        ({"exam_jsonl": line(), "replay_jsonl": line("What is rain?", aliases=["a"])}, "replay.jsonl:1: aliases: "),
        ({"exam_jsonl": line(), "replay_jsonl": line("what is the ice")}, "both in the replay pairs and in the exam"),
        ({"exam_jsonl": line(), "page_md": " \n"}, "page.md holds no text"),
    ],
)
def test_what_can_not_be_used_is_told_with_file_and_line(tmp_path, files, told):
    folder(tmp_path, **files)
    with pytest.raises(Fault, match=re.escape(told)):
        read(tmp_path)


def test_a_folder_that_is_not_there_is_a_fault_that_names_the_field(tmp_path):
    with pytest.raises(Fault, match=r"retention\.path=.*/nowhere: no such folder"):
        read(tmp_path / "nowhere")
