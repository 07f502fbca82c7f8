"""The judge is asked where match fails or an answer is long; what decides is said, and both graders count."""

import pytest

from runner.component import identity
from runner.data.records import Answer, Grade
from runner.grader import AsksSometimes
from runner.grader.both import Both
from runner.grader.judge import Judge
from runner.grader.match import Match
from tests import given
from tests.given import Scripted, question, said

JUDGE = Judge(prompt="{question}|{reference}|{answer}", votes=1, attempts=2, words=50, reply_tokens=7, floor=0.8)
GRADER = Both(match=Match(words=60), judge=JUDGE, long=4)


def graded(judge: Scripted, *answers: str) -> list[Grade]:
    """The grades of these answers to q0, q1 and so on, whose reference is Ada."""
    asked = [question(f"q{number}") for number in range(len(answers))]
    return GRADER.grade(asked, [Answer(question=of.id, text=text) for of, text in zip(asked, answers, strict=True)], judge)


def shown(judge: Scripted) -> list[str]:
    """The answers that the judge was asked about."""
    return [said(prompt).split("<answer>")[1].removesuffix("</answer>") for prompt in judge.asked]


def test_the_judge_is_asked_where_match_fails_or_the_answer_is_long() -> None:
    judge = Scripted(lambda prompt: "PASS")
    grades = graded(judge, "Ada", "Bea", "It surely was Ada", "I think it was Ada")
    assert shown(judge) == ["Bea", "I think it was Ada"]
    assert [(grade.question, grade.passed, grade.by) for grade in grades] == [
        ("q0", True, "match"),
        ("q1", True, "judge"),
        ("q2", True, "match"),
        ("q3", True, "judge"),
    ]


def test_a_long_answer_that_match_passes_may_fail_by_the_judge() -> None:
    (grade,) = graded(Scripted(lambda prompt: "Reason: It names two.\nVerdict: FAIL"), "It was Ada and then Bea")
    assert (grade.passed, grade.by, grade.why) == (False, "judge", "Reason: It names two.\nVerdict: FAIL")


def test_a_long_answer_without_spaces_is_long_too() -> None:
    judge = Scripted(lambda prompt: "PASS")
    graded(judge, "Ada" + "と" * 200)
    assert len(judge.asked) == 1


def test_where_no_answer_is_doubtful_the_judge_is_asked_nothing() -> None:
    judge = Scripted(lambda prompt: "FAIL")
    assert [grade.passed for grade in graded(judge, "Ada", "Ada.")] == [True, True]
    assert judge.asked == []


def test_an_empty_answer_fails_and_nobody_is_asked_about_it() -> None:
    judge = Scripted(lambda prompt: "PASS")
    assert [(grade.passed, grade.by) for grade in graded(judge, "", " \n")] == [(False, "match")] * 2
    assert judge.asked == []


def test_a_verdict_of_the_judge_that_can_not_be_read_leaves_the_answer_ungraded() -> None:
    (grade,) = graded(Scripted(lambda prompt: "I can't say."), "Bea")
    assert (grade.passed, grade.by, grade.why) == (None, "judge", "I can't say.")


def test_for_a_forecast_the_judge_can_be_asked_about_every_answer() -> None:
    judge = Scripted(lambda prompt: "FAIL")
    (grade,) = GRADER.ask_always([question("q0")], [Answer(question="q0", text="Ada")], judge)
    assert (grade.passed, len(judge.asked)) == (False, 1)
    assert isinstance(GRADER, AsksSometimes)
    assert not isinstance(JUDGE, AsksSometimes)


@pytest.mark.parametrize("change", ["grader.long=21", "grader.match.words=9", "grader.judge.votes=2", "judge.id=gpt-5"])
def test_the_settings_of_both_graders_and_the_model_decide_what_comes_out(change: str) -> None:
    assert given.study("grader=both", change).key("base") != given.study("grader=both").key("base")


def test_how_the_judge_is_reached_decides_nothing() -> None:
    assert given.study("grader=both", "judge.timeout=9").key("base") == given.study("grader=both").key("base")


def test_the_versions_of_both_graders_count() -> None:
    parts = identity(GRADER)
    assert [parts[name]["class"] for name in ("match", "judge")] == ["runner.grader.match.Match", "runner.grader.judge.Judge"]
    assert [parts[name]["version"] for name in ("match", "judge")] == [Match.version, Judge.version]


def test_it_is_made_of_the_shipped_graders() -> None:
    both, match, judge = (given.study(f"grader={name}").grader for name in ("both", "match", "judge"))
    assert isinstance(both, Both)
    assert (both.match, both.judge) == (match, judge)
