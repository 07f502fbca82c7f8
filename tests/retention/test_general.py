"""A folder of general questions is read into GeneralSet, or refused with the file and the line that are wrong."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from pydantic import ValidationError

from runner.component import identity
from runner.data.general_set import GeneralSet
from runner.data.records import Question, digest
from runner.data.reply_rules import ReplyRules
from runner.errors import Fault
from runner.retention.general import General

PROMPT = "Read: {passage}\n{question}"


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
    return General(path=str(root), prompt=PROMPT, floor=0.9, questions=questions).read()


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
    assert General(path=str(tmp_path / "my-general"), prompt=PROMPT, floor=0.9).name == "my-general"


@pytest.mark.parametrize("floor", [-0.1, 1.1, float("nan"), "high"])
def test_a_floor_that_is_no_share_is_refused(floor):
    with pytest.raises(ValidationError, match="floor"):
        General(path="somewhere", prompt=PROMPT, floor=floor)


@pytest.mark.parametrize("floor", [0, 0.5, 1])
def test_a_floor_may_be_any_share(floor):
    assert General(path="somewhere", prompt=PROMPT, floor=floor).floor == floor


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
        ({"passages_jsonl": line(passage="Text.")}, "has no exam.jsonl or exam.csv"),
        ({"exam_jsonl": line(), "passages_jsonl": line("Which?")}, "passages.jsonl:1: passage: field required"),
        ({"exam_jsonl": line(), "instructions_jsonl": line("Say.")}, "instructions.jsonl:1: rules: field required"),
        (
            {"exam_jsonl": line(), "instructions_jsonl": line("Say.", rules={})},
            "instructions.jsonl:1: rules: found none. Expected",
        ),
        ({"exam_jsonl": line(), "instructions_jsonl": line("Say.", rules={"wrods": 1})}, "rules.wrods: unexpected keyword"),
        (
            {"exam_jsonl": line(), "instructions_jsonl": line("Say.", rules={"most_words": 1})},
            "instructions.jsonl:1: the answer 'frozen water' breaks its own rules: most_words",
        ),
        (
            {"exam_jsonl": line(), "passages_jsonl": line("what is the ice", passage="Text.")},
            "passages.jsonl:1: the same question as",
        ),
        (
            {"exam_jsonl": line(), "passages_jsonl": line("Which?", passage="Text."), "replay_jsonl": line("which")},
            "both in the replay pairs and in the exam",
        ),
    ],
)
def test_what_can_not_be_used_is_told_with_file_and_line(tmp_path, files, told):
    folder(tmp_path, **files)
    with pytest.raises(Fault, match=re.escape(told)):
        read(tmp_path)


def test_a_folder_that_is_not_there_is_a_fault_that_names_the_field(tmp_path):
    with pytest.raises(Fault, match=r"retention\.path=.*/nowhere: no such folder"):
        read(tmp_path / "nowhere")


INSTRUCTION = line("Say it in one word.", answer="Ice", rules={"most_words": 1})
READING = line("What is the cat called?", answer="Bruno", passage="The cat {question} is called Bruno.")


def test_questions_of_several_kinds_name_theirs(tmp_path):
    folder(tmp_path, exam_jsonl=line(), instructions_jsonl=INSTRUCTION, passages_jsonl=READING)
    kinds = {question.answer: question.kind for question in read(tmp_path).questions}
    assert kinds == {"frozen water": "knowledge", "Ice": "instructions", "Bruno": "passages"}


def test_an_instruction_brings_its_rules_and_a_passage_stands_in_the_prompt(tmp_path):
    folder(tmp_path, exam_jsonl=line(), instructions_jsonl=INSTRUCTION, passages_jsonl=READING)
    asked = {question.kind: question for question in read(tmp_path).questions}
    assert asked["instructions"].rules == ReplyRules(most_words=1)
    assert asked["passages"].prompt == "Read: The cat {question} is called Bruno.\nWhat is the cat called?"
    assert (asked["passages"].question, asked["knowledge"].prompt) == ("What is the cat called?", "")


def test_the_questions_of_an_exam_alone_are_those_that_they_were_before_there_were_kinds(tmp_path):
    (question,) = read(folder(tmp_path, exam_jsonl=line(id="q1", category="science"))).questions
    parts = {"id": "q1", "question": "What is ice?", "answer": "frozen water", "category": "science"}
    assert digest(question) == digest({**parts, "aliases": [], "section": "", "fact": ""})


def test_another_prompt_is_another_question_only_where_there_are_passages(tmp_path):
    folder(tmp_path, exam_jsonl=line())
    one, other = (General(path=str(tmp_path), prompt=prompt, floor=0.9) for prompt in (PROMPT, f"{PROMPT}!"))
    assert (identity(one), one.read()) == (identity(other), other.read())
    folder(tmp_path, passages_jsonl=READING)
    assert digest(one.read()) != digest(other.read())


@pytest.mark.parametrize("count", [7, 14])
def test_a_limit_holds_for_all_kinds_together(tmp_path, count):
    told = "".join(line(f"Say {n}.", answer="Ice", category="form", rules={"most_words": 1}) for n in range(8))
    readings = "".join(line(f"Which {n}?", category="passages", passage="Text.") for n in range(4))
    folder(tmp_path, exam_jsonl=subjects(a=16), instructions_jsonl=told, passages_jsonl=readings)
    asked = Counter(question.kind for question in read(tmp_path, count).questions)
    assert asked == {"knowledge": count * 4 // 7, "instructions": count * 2 // 7, "passages": count // 7}


@pytest.mark.parametrize("prompt", ["{question}", "Read: {passage}"])
def test_a_prompt_without_a_place_for_passage_and_question_is_refused(prompt):
    with pytest.raises(ValidationError, match="prompt"):
        General(path="somewhere", prompt=prompt, floor=0.9)
