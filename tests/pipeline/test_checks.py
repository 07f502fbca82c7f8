"""A study is checked before anything is paid for, and all that is wrong is said at once."""

from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from runner.config.study import Study
from runner.errors import Fault
from runner.pipeline.checks import check, check_asked, check_texts
from runner.retriever.lexical import Lexical
from tests import given
from tests.pipeline.given import NotingTuner


class Failing(given.Scripted):
    """A model that can't answer."""

    def check(self) -> None:
        """Refuse."""
        raise Fault(f"{self.name} can't answer")


def failing(name: str) -> Failing:
    return Failing(given.in_turn(""), name=name)


@pytest.fixture
def sound(study: Study) -> Study:
    """A study with which nothing is wrong."""
    return replace(study, model=given.Scripted(given.in_turn("")), tuner=NotingTuner())


def test_a_sound_study_is_accepted(sound: Study) -> None:
    check(sound)


def test_all_that_is_wrong_is_one_fault_and_each_reason_stands_once(sound: Study) -> None:
    asking = given.study("grader=judge").grader
    wrong = replace(sound, model=failing("student"), teacher=failing("teacher"), judge=failing("teacher"), grader=asking)
    with pytest.raises(Fault) as caught:
        check(wrong)
    assert str(caught.value).splitlines() == [
        "student can't answer",
        "model@teacher=recorded, model@judge=openai: teacher can't answer",
    ]


def test_a_teacher_and_a_judge_that_are_never_asked_are_not_checked(sound: Study) -> None:
    human = given.study("method=human").method
    check(replace(sound, teacher=failing("teacher"), judge=failing("judge"), method=human))


@pytest.mark.parametrize(
    ("choices", "told"),
    [
        (["model@teacher=none", "method=fact"], "model@teacher=none: method=fact asks the teacher"),
        (["model@examiner=none", "exam=written"], "model@examiner=none: exam=written asks the examiner"),
        (["model@teacher=none", "method=passage", "exam=written"], "model@teacher=none: exam=written .* method=passage"),
        (["model@judge=none", "grader=judge"], "model@judge=none: grader=judge asks the judge"),
        (
            ["model@judge=none", "task=label", "filter=[answers]", "filter.answers.judge.asks=true"],
            r"model@judge=none: filter\.answers\.judge\.asks=true asks the judge",
        ),
    ],
)
def test_a_role_without_a_model_is_named_with_what_asks_it(choices: list[str], told: str, tmp_path: Path) -> None:
    with pytest.raises(Fault, match=told):
        check_asked(given.study(*choices, f"store={tmp_path}/store"))


def test_a_judge_that_a_filter_asks_is_checked_even_where_labels_alone_are_made(sound: Study) -> None:
    alone = sound.settings.model_copy(update={"task": "label"})
    asking = given.study("filter=[supported]", "filter.supported.judge.asks=true").filter
    quiet = given.study("filter=[supported]").filter
    check(replace(sound, settings=alone, judge=failing("judge"), filter=quiet))
    with pytest.raises(Fault, match=r"^model@judge=openai: judge can't answer$"):
        check(replace(sound, settings=alone, judge=failing("judge"), filter=asking))


def test_a_model_without_a_price_is_refused_where_dollars_are_limited(key: None) -> None:
    paid = given.study("model@teacher=openai", "teacher.id=nobody-knows", "budget.usd=1")
    sound = replace(paid, model=given.Scripted(given.in_turn("")), tuner=NotingTuner())
    with pytest.raises(Fault, match="the price of nobody-knows is not known"):
        check(sound)


def test_a_column_to_report_by_that_no_question_has_is_refused_before_work(student: list[str]) -> None:
    with pytest.raises(Fault, match=r"metric\.accuracy\.by names difficulty; further columns of the exam: none"):
        check(given.study(*student, "metric.accuracy.by=[difficulty]"))


def test_of_labels_alone_the_teacher_is_checked_and_nothing_else(sound: Study) -> None:
    alone = sound.settings.model_copy(update={"task": "label"})
    asking = given.study("grader=judge").grader
    wrong = replace(sound, settings=alone, model=failing("student"), judge=failing("judge"), grader=asking)
    check(wrong)
    with pytest.raises(Fault, match=r"^model@teacher=recorded: teacher can't answer$"):
        check(replace(wrong, teacher=failing("teacher")))


class OutOfReach(Lexical):
    """A retriever whose service can't be reached."""

    retrieves: ClassVar[bool] = True

    def check(self) -> None:
        """Refuse."""
        raise Fault("no search service")


@pytest.mark.parametrize(("baseline", "tuned", "refused"), [("base", False, False), ("rag", False, True), ("rag", True, True)])
def test_a_search_service_is_checked_where_something_searches(sound: Study, baseline: str, tuned: bool, refused: bool) -> None:
    away, near = OutOfReach(passages=1, sentences=1), Lexical(passages=1, sentences=1)
    chosen = {baseline: sound.baseline[baseline]}
    study = replace(sound, baseline=chosen, retriever=near if tuned else away, retrieval=away if tuned else sound.retrieval)
    if not refused:
        check(study)
        return
    with pytest.raises(Fault, match=r"^no search service$"):
        check(study)


def with_text(study: Study, *choices: str) -> Study:
    """The study with people's labels, of which one is a text, and with the components of these choices."""
    chosen, material = given.study("method=human", *choices), study.material
    study = replace(study, method=chosen.method, keep=chosen.keep, tuner=chosen.tuner, choices=chosen.choices)
    labels = (given.label(), given.label("", answer="A text.", origin="labels.jsonl:2"))
    vars(study)["material"] = replace(material, labels=labels)
    return study


def test_texts_among_peoples_labels_are_refused_before_anything_is_paid_where_questions_are_needed(
    sound: Study, key: None
) -> None:
    told = r"^1 of 2 labels are texts without a question \(labels\.jsonl:2\), and "
    with pytest.raises(Fault, match=told + r"keep=sdft asks the questions of the labels"):
        check(with_text(sound, "keep=sdft"))
    with pytest.raises(Fault, match=told + "a host learns only replies to questions"):
        check_texts(with_text(sound, "model=openai", "tuner=hosted"))
    check(with_text(sound))
