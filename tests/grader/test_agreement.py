"""A judge's grades are compared with people's and with those of match, as far as both graded the same answers."""

import pytest

from runner.data.records import Answer, HumanGrade, Question
from runner.grader.agreement import USUAL, TwoVerdicts, agreement, matched, with_people
from runner.grader.both import Both
from runner.grader.judge import Judge
from runner.grader.match import Match
from runner.statistics import kappa
from tests.given import Scripted, question, said, study

JUDGE = Judge(prompt="{question}|{reference}|{answer}", votes=1, attempts=1, words=50, reply_tokens=7, floor=0.8)


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


def test_a_judge_that_passes_everything_has_no_kappa_and_its_mistakes_are_counted():
    found = with_people("judge", JUDGE, Scripted(lambda prompt: "PASS"), markings(("Ada", True), ("Bea", False), ("Cleo", False)))
    assert found is not None
    assert (found.kappa, found.questions, found.only_first, found.only_second) == (None, 3, 2, 0)
    assert found.agreed == pytest.approx(1 / 3)


def test_any_grader_can_be_compared_with_people():
    graded = markings(("Ada", True), ("Bea", False), ("Ada or Bea", True))
    found = with_people("match", Match(words=60), strict(), graded)
    assert found is not None
    assert found.graders == "match and people"
    assert found.kappa.estimate == pytest.approx(0.4)  # 2 of 3 agree, 4 of 9 by chance


def test_agreement_is_told_for_short_and_long_answers_and_for_each_arm():
    long = "It was Ada, as everybody in the whole town had expected of her for years"
    verdicts = [
        TwoVerdicts("q0", "f0", "Ada", True, True),
        TwoVerdicts("q1", "f1", "Bea", False, True),
        TwoVerdicts("q0", "f0", long, True, False),
        TwoVerdicts("q1", "f1", long, None, False),
    ]
    found = agreement("judge and people", verdicts, {"base": {("q0", "Ada"), ("q1", long)}, "rag": {("q1", "Bea"), ("q0", long)}})
    assert (found.questions, found.only_first, found.only_second) == (3, 1, 1)
    counts = {name: (part.questions, part.only_first, part.only_second) for name, part in found.parts.items()}
    assert counts == {"up to 12 words": (2, 0, 1), "more than 12 words": (1, 1, 0), "of base": (1, 0, 0), "of rag": (2, 1, 1)}


def test_a_part_that_holds_every_answer_or_none_is_left_out():
    found = agreement("judge and people", [TwoVerdicts("q0", "f0", "Ada", True, True)], {"base": {("q0", "Ada")}, "rag": set()})
    assert found.parts == {}


def test_without_an_answer_that_both_graded_nothing_is_counted():
    found = agreement("judge and people", [TwoVerdicts("q0", "f0", "Ada", None, True)])
    assert (found.questions, found.kappa, found.agreed) == (0, None, None)


def test_verdicts_of_match_are_in_the_order_of_the_questions_and_ask_nobody():
    judge = strict()
    questions = [question("q0"), question("q1", answer="Bea", aliases=("B.",))]
    answers = [Answer(question="q1", text="B."), Answer(question="q0", text="Bea")]
    assert matched(JUDGE, questions, answers, judge) == [False, True]
    assert judge.asked == []


def test_a_judge_is_compared_with_match_as_it_is_shipped():
    assert study("grader=match").grader == USUAL


def test_a_grader_that_has_a_match_of_its_own_is_compared_with_that_one():
    questions, answers = [question("q0")], [Answer(question="q0", text="Surely it was Ada")]
    short = Both(match=Match(words=2), judge=JUDGE, long=9)
    assert (matched(short, questions, answers, strict()), matched(JUDGE, questions, answers, strict())) == ([False], [True])
