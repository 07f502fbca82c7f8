"""The stages of a run with scripted parts: what a training is given, what is kept, and what is not done twice."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

import pytest

from runner.config.study import Study
from runner.data.records import Asked, Draw, Label, Labelling, Material, Prompt, Tuning, chat
from runner.errors import Fault
from runner.model import Model, Trainable
from runner.pipeline.stages import Student, label, remember, sit, tune
from tests import given

TAUGHT = tuple(given.label(f"What is pin {number}?", answer=f"Pin {number}.") for number in range(10))


@dataclass
class Noting:
    """A tuner that notes what it is given and trains nothing."""

    incidental: ClassVar[frozenset[str]] = frozenset({"given"})

    replay: float = 0.0
    given: list[tuple[list[tuple[Prompt, str]], int]] = field(default_factory=list)

    def tune(self, model: Trainable, examples: Sequence[tuple[Prompt, str]], seed: int, folder: Path) -> Tuning:
        """Nothing is written but the note."""
        self.given.append((list(examples), seed))
        return Tuning(losses=(2.0, 1.0), tokens=7, seconds=0.5)


@dataclass
class Told:
    """A method that makes the labels it is told, and counts how often it is asked."""

    incidental: ClassVar[frozenset[str]] = frozenset({"asked"})

    labels: tuple[Label, ...]
    asks: bool = False
    asked: int = 0

    def label(self, material: Material, teacher: Model, scale: float) -> Labelling:
        """The labels as they are."""
        self.asked += 1
        return Labelling(labels=self.labels)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """A study with four pairs to replay, a general question, and a student that is never loaded."""
    general = tmp_path / "general"
    general.mkdir()
    (general / "exam.jsonl").write_text('{"question": "What is ice?", "answer": "water"}\n')
    pairs = [{"question": f"What is {one}?", "answer": f"It is {one}."} for one in ("salt", "sand", "soot", "silk")]
    (general / "replay.jsonl").write_text("".join(json.dumps(pair) + "\n" for pair in pairs))
    student = ["model=huggingface", f"model.id={tmp_path}/student", "instruction=Be brief.", "reply_tokens=8"]
    return given.study(*student, f"store={tmp_path}/store", f"retention.path={general}")


def trained(study: Study, replay: float, labels: tuple[Label, ...] = TAUGHT) -> list[tuple[Prompt, str]]:
    """What a training with this share of general pairs is given."""
    tuner = Noting(replay=replay)
    tune(replace(study, tuner=tuner), Draw(labels=labels), 0)
    return tuner.given[0][0]


@pytest.mark.parametrize(("replay", "pairs"), [(0.0, 0), (0.04, 0), (0.1, 1), (0.26, 3), (0.4, 4)])
def test_general_pairs_are_mixed_in_as_a_share_of_the_labels(study: Study, replay: float, pairs: int) -> None:
    expected = [chat(question, "Be brief.", 8) for question, _ in study.knowledge.replay[:pairs]]
    assert [prompt for prompt, _ in trained(study, replay)[len(TAUGHT) :]] == expected


def test_where_there_are_too_few_pairs_they_are_mixed_in_again(study: Study) -> None:
    replayed = [reply for _, reply in trained(study, 1.0)[len(TAUGHT) :]]
    assert len(replayed) == len(TAUGHT)
    assert sorted(replayed.count(answer) for _, answer in study.knowledge.replay) == [2, 2, 3, 3]


def test_every_label_is_put_as_the_exam_puts_its_questions(study: Study) -> None:
    assert trained(study, 0.5)[: len(TAUGHT)] == [(chat(one.question, "Be brief.", 8), one.answer) for one in TAUGHT]


def test_a_training_is_done_once_for_each_seed(study: Study) -> None:
    study = replace(study, tuner=Noting())
    first, again, other = (tune(study, Draw(labels=TAUGHT), seed) for seed in (0, 0, 1))
    assert [seed for _, seed in study.tuner.given] == [0, 1]
    assert first[0] == again[0] == Tuning(losses=(2.0, 1.0), tokens=7, seconds=0.5)
    assert first[1] == again[1]
    assert first[1].tuned != other[1].tuned


def test_another_share_of_general_pairs_is_another_training(study: Study) -> None:
    (_, none, _), (_, some, _) = (
        tune(replace(study, tuner=Noting(replay=share)), Draw(labels=TAUGHT), 0) for share in (0.0, 0.4)
    )
    assert none.tuned != some.tuned


def test_a_student_reads_the_weights_of_its_own_training(study: Study) -> None:
    _, student, kept = tune(replace(study, tuner=Noting()), Draw(labels=TAUGHT), 0)
    assert (student.model.tuned, student.tuned) == (str(kept.folder), kept.key)


def test_labels_that_ask_what_the_exam_asks_are_left_out_and_counted(study: Study) -> None:
    leak = given.label(f"{study.material.questions[0].question.upper()} ")
    labelling, _ = label(replace(study, method=Told(labels=(*TAUGHT, leak))))
    assert labelling.labels == TAUGHT
    assert (labelling.ledgers[-1].requested, labelling.ledgers[-1].kept) == (11, 10)
    assert labelling.ledgers[-1].filtered == {"asked in the exam": 1}


def test_labels_are_made_once(study: Study) -> None:
    study = replace(study, method=Told(labels=TAUGHT))
    assert label(study)[0] == label(study)[0]
    assert study.method.asked == 1


def test_answers_and_grades_stand_in_the_order_of_the_questions(study: Study) -> None:
    questions = [given.question("a", answer="Ada"), given.question("b", answer="Bob")]
    model = given.Scripted(lambda prompt: "Ada" if "won a?" in given.said(prompt) else "Nobody", backwards=True)
    sitting = sit(replace(study, model=model), Student(model), questions)
    assert [(one.question, one.text) for one in sitting.answers] == [("a", "Ada"), ("b", "Nobody")]
    assert [(one.question, one.passed) for one in sitting.grades] == [("a", True), ("b", False)]


def test_a_student_is_asked_once_for_the_same_exam(study: Study) -> None:
    model = given.Scripted(given.in_turn("Ada"))
    study = replace(study, model=model)
    for _ in range(2):
        sit(study, Student(model), [given.question("a"), given.question("b")])
    assert len(model.asked) == 2


def test_a_question_is_put_with_the_studys_instruction_unless_it_is_said_otherwise(study: Study) -> None:
    model = given.Scripted(given.in_turn("Ada"))
    study, other = replace(study, model=model), chat("And with this?", "", 3)
    sit(study, Student(model), [given.question("a")])
    sit(study, Student(model), [given.question("a")], [Asked(prompt=other)])
    assert model.asked == [chat("Who won a?", "Be brief.", 8), other]


def test_an_exam_without_questions_asks_nobody(study: Study) -> None:
    model = given.Scripted(given.in_turn("Ada"))
    sitting = sit(replace(study, model=model), Student(model), [])
    assert (list(sitting.answers), list(sitting.grades), model.asked) == ([], [], [])


def test_without_a_page_a_model_is_asked_the_general_questions_alone(study: Study) -> None:
    model = given.Scripted(given.in_turn("Frozen water."))
    memory = remember(replace(study, model=model), Student(model))
    assert ([given.said(prompt) for prompt in model.asked], memory.perplexity) == (["What is ice?"], None)
    assert [grade.passed for grade in memory.sitting.grades] == [True]


def test_a_hosted_students_replies_are_kept_as_they_arrive(study: Study) -> None:
    left = ["Ada", None, "Bob"]

    def reply(_: Prompt) -> str:
        if (text := left.pop(0)) is None:
            raise Fault("the quota is used up")
        return text

    class Paid(given.Scripted):
        """A model that somebody is paid for."""

        hosted: ClassVar[bool] = True

    hosted = Paid(reply=reply)
    asked = replace(study, model=hosted)
    questions = [given.question("one"), given.question("two")]
    with pytest.raises(Fault, match="quota"):
        sit(asked, Student(hosted), questions)
    assert [answer.text for answer in sit(asked, Student(hosted), questions).answers] == ["Ada", "Bob"]
    assert len(hosted.asked) == 3
