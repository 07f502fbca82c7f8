"""Answers become judged replies: each once, none that was cut, none without a verdict."""

from dataclasses import replace

from runner.config.study import Study
from runner.pipeline.judged_replies import JudgedReplies, judged_replies
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
