"""A judge says PASS or FAIL, is asked again where it said neither, and in the end leaves the answer ungraded."""

import pytest

from runner.grader.judge import Judge
from runner.records import Answer, Grade, Question
from runner.store import Store
from tests.given import Scripted, in_turn, question, said

PROMPT = "{question}|{reference}|{answer}|{other}"


def graded(judge: Scripted, *answers: str, questions: tuple[Question, ...] = (), attempts: int = 3) -> list[Grade]:
    """The grades of these answers to q0, q1 and so on."""
    asked = questions or tuple(question(f"q{n}") for n in range(len(answers)))
    given = [Answer(question=of.id, text=text) for of, text in zip(asked, answers, strict=True)]
    return Judge(prompt=PROMPT, attempts=attempts, reply_tokens=7).grade(asked, given, judge)


@pytest.mark.parametrize(
    ("reply", "passed"),
    [
        ("PASS", True),
        ("FAIL", False),
        ("Pass.", True),
        ("The verdict is fail", False),
        ("**PASS**", True),
        ("Verdict: FAIL.", False),
        ("It could FAIL, but it is right: PASS", True),
        ("Not a PASS.\nFAIL", False),
        ("", None),
        ("Maybe.", None),
        ("PASSED", None),
        ("bypass, or failed", None),
        ("BYPASS", None),
    ],
)
def test_the_last_verdict_of_a_reply_counts(reply, passed):
    assert graded(Scripted(lambda prompt: reply), "Ada") == [Grade(question="q0", passed=passed)]


def test_question_references_and_answer_are_put_to_the_judge():
    judge = Scripted(lambda prompt: "PASS")
    graded(judge, "It was Ada", questions=(question("q", answer="Ada", aliases=("Ms Ada", "A.")),))
    assert said(judge.asked[0]) == "Who won q?|Ada / Ms Ada / A.|It was Ada|{other}"
    assert judge.asked[0].tokens == 7


def test_braces_in_an_answer_survive_the_template():
    judge = Scripted(lambda prompt: "FAIL")
    graded(judge, "{reference} { \\1")
    assert said(judge.asked[0]) == "Who won q0?|Ada|{reference} { \\1|{other}"


def test_each_question_gets_a_grade_in_its_order_however_verdicts_arrive():
    judge = Scripted(lambda prompt: "PASS" if "right" in said(prompt) else "FAIL", backwards=True)
    assert graded(judge, "right", "wrong", "right") == [
        Grade(question="q0", passed=True),
        Grade(question="q1", passed=False),
        Grade(question="q2", passed=True),
    ]


def test_only_an_unreadable_verdict_is_asked_for_again():
    judge = Scripted(lambda prompt: "PASS" if "q0" in said(prompt) or prompt.attempt == 1 else "hm")
    assert [grade.passed for grade in graded(judge, "a", "b")] == [True, True]
    assert [(said(asked)[8:10], asked.attempt) for asked in judge.asked] == [("q0", 0), ("q1", 0), ("q1", 1)]


def test_a_verdict_that_stays_unreadable_leaves_the_answer_ungraded():
    judge = Scripted(lambda prompt: "hm")
    assert graded(judge, "a", attempts=3) == [Grade(question="q0", passed=None)]
    assert [asked.attempt for asked in judge.asked] == [0, 1, 2]


def test_an_unreadable_verdict_that_is_remembered_is_asked_for_again(tmp_path):
    judge = Store(tmp_path).remember(Scripted(in_turn("hm", "PASS")))
    assert graded(judge, "a") == [Grade(question="q0", passed=True)]
