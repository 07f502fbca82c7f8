"""Questions with rules are graded by them alone; the others are left to a grader."""

from dataclasses import replace

from runner.data.records import Answer, Grade
from runner.data.reply_rules import ReplyRules
from runner.grader.instructions import follow_rules
from tests.given import question

SHORT = replace(question("short"), rules=ReplyRules(most_words=1))
SHOUTED = replace(question("shouted"), rules=ReplyRules(case="upper"))


def test_an_answer_passes_if_it_breaks_no_rule_whatever_it_says() -> None:
    answers = [Answer(question="shouted", text="Bob"), Answer(question="short", text="Bob")]
    graded = follow_rules([SHORT, SHOUTED], answers)
    assert graded == [Grade(question="short", passed=True), Grade(question="shouted", passed=False)]
    assert {grade.by for grade in graded} == {"rules"}


def test_questions_without_rules_get_no_grade() -> None:
    assert follow_rules([question("plain")], [Answer(question="plain", text="Ada")]) == []
