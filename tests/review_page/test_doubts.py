"""Doubtful items come first, each with its reason."""

from dataclasses import replace

from runner.data.records import Section
from runner.review_page import Candidate
from runner.review_page.doubts import doubts_of, in_order
from tests.review_page.given import FIFO, candidate


def most_doubtful_first(candidates: list[Candidate], sections: dict[str, Section]) -> list[Candidate]:
    return in_order(candidates, doubts_of(candidates, sections))


def test_the_gravest_doubt_comes_first_and_equals_stay_in_order() -> None:
    gone, wrong = candidate(1, section="uart.md#Gone"), candidate(2, answer="128 bytes")
    plain = [candidate(number, question=words) for number, words in ((3, "Which depth?"), (4, "What size has it?"))]
    ordered = most_doubtful_first([*plain, wrong, gone], {FIFO.id: FIFO})
    assert [each.item for each in ordered] == [gone.item, wrong.item, *(each.item for each in plain)]
    assert [doubt.kind for doubt in ordered[1].doubts] == ["not supported"]
    assert "128" in ordered[1].doubts[0].words


def test_answers_are_doubtful_where_graders_or_arms_differ() -> None:
    passed = replace(candidate(kind="answer"), grades=(("base", "pass"),), match="fail")
    failed = replace(candidate(kind="answer", answer="32"), grades=(("fact 5x", "fail"),), match="fail")
    first, second = most_doubtful_first([failed, passed], {FIFO.id: FIFO})
    assert [doubt.kind for doubt in first.doubts] == ["judge and match disagree", "arms disagree"]
    assert [doubt.kind for doubt in second.doubts] == ["arms disagree"]


def test_a_question_that_is_asked_twice_is_a_near_duplicate() -> None:
    twice = most_doubtful_first([candidate(question="How deep is it?"), candidate(question="How deep is it")], {FIFO.id: FIFO})
    assert [[doubt.kind for doubt in each.doubts] for each in twice] == [["near-duplicate"], []]
