"""Answers become judged replies: each once, none that was cut, none without a verdict."""

import logging
from dataclasses import replace

import pytest

from runner.config.study import Study
from runner.data.preferences import HumanPreference
from runner.data.records import HumanGrade
from runner.data.reviews import Item, Review, Standing
from runner.pipeline.judged_replies import JudgedReplies, judged_replies, people_judgements
from runner.pipeline.practice import Practice
from runner.pipeline.results import Output
from runner.pipeline.store_executor import StoreExecutor
from runner.spending.usage import Usage
from tests.pipeline.practising import DPO, practising, question, tuned


def judged(study: Study, *answers: str, samples: int = 4) -> JudgedReplies:
    """The judged replies of a student that draws these answers to two questions."""
    study = practising(study, *answers, refine=replace(DPO, samples=samples))
    practice = Practice(questions=(question(1), question(2)), source="two questions")
    return judged_replies(study, StoreExecutor(study), study.refine, tuned(study), practice, 0)


def test_an_answer_that_was_drawn_twice_counts_once(study: Study) -> None:
    replies = judged(study, "{n}", "x", "{n}", "x")
    assert [(reply, good) for _, reply, good in replies.judged] == [("1", True), ("x", False), ("2", True), ("x", False)]
    assert [(pair.chosen, pair.rejected) for pair in replies.preferences] == [("1", "x"), ("2", "x")]
    assert replies.counts == "two questions: of 8 answers 4 were right and 4 wrong"


def test_answers_that_were_cut_or_are_empty_are_left_out(study: Study) -> None:
    replies = judged(study, "{n}…", "x…", "", "y")
    assert [(reply, good) for _, reply, good in replies.judged] == [("y", False), ("y", False)]


def test_each_wrong_answer_is_paired_with_a_right_one_in_turns(study: Study) -> None:
    replies = judged(study, "{n}", "It is {n}.", "x", "y", "z", samples=5)
    assert [(pair.chosen, pair.rejected) for pair in replies.preferences[:3]] == [("1", "x"), ("It is 1.", "y"), ("1", "z")]


def test_it_depends_on_the_guesses_of_its_stages_and_costs_what_they_cost() -> None:
    paid = Usage(model="judge", hosted=True, requests=1)
    stages = [Output(value=(), seconds=1.5), Output(value=(), seconds=2.0, guess="key", usage=[paid])]
    replies = JudgedReplies(preferences=(), judged=(), after=stages)
    assert (replies.guess, replies.seconds, replies.usage) == ("key", 3.5, [paid])


def with_people(study: Study, questions: list[str], edited: str, origin: str) -> Study:
    """A study with a preference and a grade for each question, an edit of a label, and an exam of this origin."""
    study = practising(study)
    before = Item(kind="label", question=edited, answer="x")
    edit = Review(verdict="edit", before=before, after=replace(before, answer="y"), who="Bea", when="2026-11-30T10:00:00+00:00")
    pairs = tuple(HumanPreference(question=each, chosen="a", rejected="b") for each in questions)
    grades = tuple(HumanGrade(question=replace(question(1), question=each), answer="c", passed=False) for each in questions)
    vars(study)["label_reviews"] = {before.id: Standing(verdict="edit", reviews=(edit,))}
    vars(study)["source"] = replace(study.source, preferences=pairs)
    vars(study)["exam_set"] = replace(study.exam_set, origin=origin)
    vars(study)["material"] = replace(study.material, grades=grades)
    return study


def test_people_teach_nothing_of_questions_that_are_measured(study: Study, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "runner")
    exam = study.material.questions[0].question
    questions, edited = [exam, f"So, {exam}", "what is ICE", "Other?"], f"And {exam}"
    people = people_judgements(with_people(study, questions, edited, "written by a model"))
    assert [(pair.prompt.messages[-1].content, pair.chosen) for pair in people.preferences] == [("Other?", "a")]
    assert [prompt.messages[-1].content for prompt, _, _ in people.judged] == ["Other?"]
    assert (
        "7 of 9 preferences and grades by people are not learned, since their questions are measured: 2 asked in the exam, "
        "3 like an exam question, 2 a general question that is measured"
    ) in caplog.text
    # Beside an exam that people wrote, likeness alone is no reason.
    people = people_judgements(with_people(study, questions, edited, ""))
    assert [pair.prompt.messages[-1].content for pair in people.preferences] == [questions[1], "Other?", edited]
    assert [prompt.messages[-1].content for prompt, _, _ in people.judged] == [questions[1], "Other?"]
