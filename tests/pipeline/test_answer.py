"""Questions to answers and grades: order, what is asked once, and what is kept of a hosted student."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

import pytest

from runner.component import component, identity
from runner.config.study import Study
from runner.data.records import Answer, Grade, Prompt, Question, Request, chat, read
from runner.data.reply_rules import ReplyRules
from runner.errors import Fault
from runner.grader.match import Match
from runner.model import Model
from runner.pipeline.answer import References, examine_general, perplexity
from runner.pipeline.results import Checkpoint, Output
from runner.pipeline.store_executor import StoreExecutor
from tests import given
from tests.pipeline.given import examined


def test_answers_and_grades_stand_in_the_order_of_the_questions(study: Study) -> None:
    questions = [given.question("a", answer="Ada"), given.question("b", answer="Bob")]
    model = given.Scripted(lambda prompt: "Ada" if "won a?" in given.said(prompt) else "Nobody", backwards=True)
    result = examined(replace(study, model=model), model, questions)
    assert [(answer.question, answer.text) for answer in result.answers] == [("a", "Ada"), ("b", "Nobody")]
    assert [(grade.question, grade.passed) for grade in result.grades] == [("a", True), ("b", False)]


def test_a_student_is_asked_once_for_the_same_exam(study: Study) -> None:
    model = given.Scripted(given.in_turn("Ada"))
    study = replace(study, model=model)
    for _ in range(2):
        examined(study, model, [given.question("a"), given.question("b")])
    assert len(model.asked) == 2


def test_another_grader_grades_the_kept_answers_and_asks_the_student_nothing(study: Study) -> None:
    model = given.Scripted(given.in_turn("I think that it was Ada"))
    study = replace(study, model=model)
    graders = [Match(**{**vars(study.grader), "words": words}) for words in (1, 9)]
    results = [examined(replace(study, grader=grader), model, [given.question("a")]) for grader in graders]
    assert [[grade.passed for grade in result.grades] for result in results] == [[False], [True]]
    assert len(model.asked) == 1


def test_a_question_is_put_with_the_studys_instruction_unless_requests_are_given(study: Study) -> None:
    model = given.Scripted(given.in_turn("Ada"))
    study, other = replace(study, model=model), chat("And with this?", "", 3)
    examined(study, model, [given.question("a")])
    examined(study, model, [given.question("a")], [Request(prompt=other)])
    assert model.asked == [chat("Who won a?", "Be brief.", 8), other]


def test_what_a_student_thinks_is_kept_and_not_graded(study: Study) -> None:
    replies = ["<think>Perhaps Ada won it.</think>Bea won.", "<think>Bea? No.</think>Ada", "<think>Ada won, or was it"]
    model = given.Scripted(given.in_turn(*replies))
    result = examined(replace(study, model=model), model, [given.question(name) for name in "abc"])
    assert [answer.text for answer in result.answers] == replies
    assert [grade.passed for grade in result.grades] == [False, True, False]


def test_an_exam_without_questions_asks_nobody(study: Study) -> None:
    model = given.Scripted(given.in_turn("Ada"))
    result = examined(replace(study, model=model), model, [])
    assert (list(result.answers), list(result.grades), model.asked) == ([], [], [])


def test_without_a_page_a_model_is_asked_the_general_questions_alone(study: Study) -> None:
    model = given.Scripted(given.in_turn("Frozen water."))
    study = replace(study, model=model)
    general = examine_general(study, StoreExecutor(study), Output(value=Checkpoint(model=model)))
    assert ([given.said(prompt) for prompt in model.asked], general.perplexity) == (["What is ice?"], None)
    assert [grade.passed for grade in general.result.grades] == [True]


class Scoring(given.Scripted):
    """A model that knows how likely a text is, and counts how often it is asked that."""

    scored: ClassVar[list[str]] = []

    def perplexity(self, text: str) -> float:
        """Return the length of the text."""
        self.scored.append(text)
        return float(len(text))


def test_the_perplexity_of_the_page_is_measured_once(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Scoring, "scored", [])
    model = Scoring(given.in_turn("Ada"))
    study = replace(study, model=model)
    vars(study)["knowledge"] = replace(study.knowledge, page="Ice is water.")
    executor, student = StoreExecutor(study), Output(value=Checkpoint(model=model))
    assert [perplexity(study, executor, student) for _ in range(2)] == [13.0, 13.0]
    assert model.scored == ["Ice is water."]


def test_a_model_that_can_not_score_text_has_no_perplexity(study: Study) -> None:
    model = given.Scripted(given.in_turn("Ada"))
    vars(study)["knowledge"] = replace(study.knowledge, page="Ice is water.")
    assert perplexity(study, StoreExecutor(study), Output(value=Checkpoint(model=model))) is None


class Paid(given.Scripted):
    """A model that somebody is paid for."""

    hosted: ClassVar[bool] = True


def test_a_hosted_students_replies_are_kept_as_they_arrive(study: Study) -> None:
    left = ["Ada", None, "Bob"]

    def reply(_: Prompt) -> str:
        if (text := left.pop(0)) is None:
            raise Fault("the quota is used up")
        return text

    hosted = Paid(reply=reply)
    asked = replace(study, model=hosted)
    questions = [given.question("one"), given.question("two")]
    with pytest.raises(Fault, match="quota"):
        examined(asked, hosted, questions)
    assert [answer.text for answer in examined(asked, hosted, questions).answers] == ["Ada", "Bob"]
    assert len(hosted.asked) == 3


def test_of_a_hosted_student_only_new_questions_are_asked(study: Study) -> None:
    hosted = Paid(reply=given.in_turn("Ada"))
    questions = [given.question(name) for name in "abc"]
    for asked in (questions[:2], questions[::-1]):
        examined(replace(study, model=hosted), hosted, asked)
    assert [given.said(prompt) for prompt in hosted.asked] == ["Who won a?", "Who won b?", "Who won c?"]


def test_a_question_with_a_prompt_is_put_by_it_and_graded_as_the_question(study: Study) -> None:
    model = given.Scripted(given.in_turn("It was Ada."))
    reading = replace(given.question("a"), prompt="Passage: Ada won a.\n\nQuestion: Who won a?")
    result = examined(replace(study, model=model), model, [reading])
    assert [given.said(prompt) for prompt in model.asked] == [reading.prompt]
    assert [grade.passed for grade in result.grades] == [True]


def test_a_question_with_rules_is_graded_by_them_and_the_others_by_the_grader(study: Study) -> None:
    model = given.Scripted(lambda prompt: "Ada" if "won b?" in given.said(prompt) else "It was Bob.")
    short = [replace(given.question(name, answer="Eve"), rules=ReplyRules(most_words=1)) for name in "ab"]
    questions = [short[0], given.question("c", answer="Bob"), short[1], given.question("d")]
    result = examined(replace(study, model=model, grader=Noting(words=60)), model, questions)
    assert [(grade.question, grade.passed) for grade in result.grades] == [("a", False), ("c", True), ("b", True), ("d", False)]
    assert Noting.seen == [("c", "d"), ("c", "d")]


def test_grades_of_an_exam_without_rules_are_found_again_by_their_former_key(study: Study) -> None:
    model = given.Scripted(given.in_turn("Ada"))
    study = replace(study, model=model)
    result = examined(study, model, [given.question("a")])
    inputs = [identity(study.grader), None, result.questions, result.answers]
    assert study.store.find("grades", inputs, lambda folder: read(folder / "grades.jsonl", Grade)) is not None


def test_references_are_the_likely_answers_of_a_forecast() -> None:
    questions = [given.question("a", answer="Ada"), given.question("b", answer="Bob")]
    requests = [Request(prompt=chat(question.question, "", 8)) for question in questions]
    references = References(questions, requests)
    references.learn("Who won a?", "Nobody")
    assert [references.guess(question.question) for question in questions] == ["Ada", "Bob"]


def test_grades_are_joined_by_their_question_in_whatever_order_a_grader_gives_them(study: Study) -> None:
    questions = [given.question("a", answer="Ada"), given.question("b", answer="Bob")]
    model = given.Scripted(given.in_turn("Ada"))
    result = examined(replace(study, model=model, grader=Backwards(words=60)), model, questions)
    assert [(grade.question, grade.passed) for grade in result.grades] == [("a", True), ("b", False)]


def test_a_grade_of_an_unknown_question_is_refused(study: Study) -> None:
    model = given.Scripted(given.in_turn("Ada"))
    with pytest.raises(Fault, match=r"Elsewhere\.grade returned no grade for the question 'a'"):
        examined(replace(study, model=model, grader=Elsewhere()), model, [given.question("a")])


@component
class Backwards(Match):
    def grade(self, questions: Sequence[Question], answers: Sequence[Answer], judge: Model) -> list[Grade]:
        return super().grade(questions, answers, judge)[::-1]


@component
class Noting(Match):
    seen: ClassVar[list[tuple[str, ...]]] = []

    def grade(self, questions: Sequence[Question], answers: Sequence[Answer], judge: Model) -> list[Grade]:
        self.seen.extend([tuple(question.id for question in questions), tuple(answer.question for answer in answers)])
        return super().grade(questions, answers, judge)


@component
class Elsewhere:
    asks: ClassVar[bool] = False

    def grade(self, questions: Sequence[Question], answers: Sequence[Answer], judge: Model) -> list[Grade]:
        return [Grade(question="elsewhere", passed=True) for _ in questions]
