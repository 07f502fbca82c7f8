"""A judge's grades are compared with people's and with those of match, as far as both graded the same answers."""

import pytest

from runner.data.records import Answer, Grade, HumanGrade, Question
from runner.grader.agreement import with_match, with_people
from runner.grader.judge import Judge
from runner.grader.match import Match
from runner.statistics import kappa
from tests.given import Scripted, question, said

JUDGE = Judge(prompt="{question}|{reference}|{answer}", votes=1, attempts=1, words=50, reply_tokens=7)


def markings(*answers: tuple[str, bool], of: Question | None = None) -> list[HumanGrade]:
    """People's grades of these answers to one question."""
    return [HumanGrade(question=of or question("q"), answer=answer, passed=passed) for answer, passed in answers]


def strict(reply: str = "FAIL") -> Scripted:
    """A judge that passes answers with Ada, and gives this reply to all others."""
    return Scripted(lambda prompt: "PASS" if "Ada" in said(prompt).split("<answer>")[1] else reply)


def test_people_and_a_judge_with_the_same_grades_agree_completely():
    graded = markings(("Ada", True), ("Ada Fox", True), ("Bea", False), ("Cleo", False))
    found = with_people("judge", JUDGE, strict(), graded)
    assert found is not None
    assert (found.graders, found.questions, found.kappa.estimate, found.kappa.high) == ("judge and people", 4, 1, 1)
    assert found.kappa.low < 0.9


def test_each_answer_is_put_to_the_judge_with_its_own_question_and_references():
    judge = strict()
    other = question("r", answer="Bea", aliases=("B.",))
    with_people("judge", JUDGE, judge, markings(("Ada", True), ("Cleo", False)) + markings(("Bea", True), of=other))
    assert [said(prompt) for prompt in judge.asked] == [
        "<question>Who won q?</question>|<reference>Ada</reference>|<answer>Ada</answer>",
        "<question>Who won q?</question>|<reference>Ada</reference>|<answer>Cleo</answer>",
        "<question>Who won r?</question>|<reference>Bea\nB.</reference>|<answer>Bea</answer>",
    ]


def test_answers_that_the_judge_leaves_ungraded_are_not_counted():
    graded = [m for n in range(5) for m in markings(("Ada", True), (f"Bea {n}", False), of=question(f"q{n}"))]
    found = with_people("judge", JUDGE, Scripted(_undecided), [*graded, *markings(("Cleo", False))])
    assert found is not None
    assert found.questions == 10


def _undecided(prompt):
    return "hm" if "Cleo" in said(prompt) else strict().reply(prompt)


def test_answers_to_one_question_are_one_cluster():
    answers = [("Ada", True), ("Bea", False), ("Cleo", True)]
    graded = [marking for n in range(6) for marking in markings(*answers, of=question(f"q{n}"))]
    found = with_people("judge", JUDGE, strict(), graded)
    people = [True, False, True] * 6
    assert found is not None
    assert found.kappa == kappa([True, False, False] * 6, people, [f"q{n}" for n in range(6) for _ in answers])


def test_without_peoples_grades_the_judge_is_not_asked():
    judge = strict()
    assert with_people("judge", JUDGE, judge, []) is None
    assert judge.asked == []


def test_where_people_give_one_grade_alone_there_is_no_agreement_to_tell():
    assert with_people("judge", JUDGE, strict(), markings(("Ada", True), ("Bea", True))) is None


def test_any_grader_can_be_compared_with_people():
    graded = markings(("Ada", True), ("Bea", False), ("Ada or Bea", True))
    found = with_people("match", Match(words=60), strict(), graded)
    assert found is not None
    assert found.graders == "match and people"
    assert found.kappa.estimate == pytest.approx(0.4)  # 2 of 3 agree, 4 of 9 by chance


def test_a_judge_is_compared_with_match_over_the_answers_of_all_arms():
    questions = [question("q0"), question("q1", answer="Bea", aliases=("B.",))]
    answers = [Answer(question=f"q{n}", text=text) for text in ("Ada", "Bea", "B.") for n in range(2)]
    judged = [True, False, False, True, None, True]
    grades = [Grade(question=answer.question, passed=passed) for answer, passed in zip(answers, judged, strict=True)]
    found = with_match("judge", questions, answers, grades)
    assert found is not None
    assert (found.graders, found.questions, found.kappa.estimate) == ("judge and match", 5, 1)


def test_where_the_judge_passes_everything_there_is_no_agreement_with_match_to_tell():
    answers = [Answer(question="q0", text=text) for text in ("Ada", "Bea")]
    grades = [Grade(question="q0", passed=True)] * 2
    assert with_match("judge", [question("q0")], answers, grades) is None
