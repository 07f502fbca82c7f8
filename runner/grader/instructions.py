"""Grading of instructions: questions with rules and answers in, pass or fail by the rules out."""

from collections.abc import Sequence

from runner.data.records import Answer, Grade, Question

VERSION = 1  # raised when a rule decides otherwise


def follow_rules(questions: Sequence[Question], answers: Sequence[Answer]) -> list[Grade]:
    """Grade the answers to those questions that have rules."""
    texts = {answer.question: answer.text for answer in answers}
    return [
        Grade(question=question.id, passed=not question.rules.broken(texts[question.id]), by="rules")
        for question in questions
        if question.rules
    ]
