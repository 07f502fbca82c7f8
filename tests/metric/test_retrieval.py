"""Recall counts the questions whose passages are on them, and prompts that hold the answer are counted."""

import pytest

from runner.data.records import Outcome
from runner.metric.retrieval import RetrievalMetric
from tests import given

QUESTIONS = tuple(given.question(name, category=category) for name, category in (("a", "x"), ("b", "x"), ("c", "y"), ("d", "y")))


def measured(found: tuple[tuple[bool, ...], ...], held: tuple[bool, ...] = ()) -> dict[str, float]:
    """The metric's numbers."""
    return RetrievalMetric().measure(Outcome(questions=QUESTIONS, grades=(), hits=found, holding=held))


def test_recall_is_the_share_of_questions_with_a_right_passage_up_to_a_rank() -> None:
    first, fourth, never = (True, *[False] * 9), (False, False, False, True, *[False] * 6), (False,) * 10
    numbers = measured((first, fourth, never, first))
    assert [numbers[f"retrieval/recall_at_{rank}"] for rank in (1, 3, 5, 10)] == [0.5, 0.5, 0.75, 0.75]
    assert [numbers[f"retrieval/recall_at_{rank}/x"] for rank in (1, 3, 5, 10)] == [0.5, 0.5, 1, 1]
    assert numbers["retrieval/recall_at_10/y"] == 0.5


def test_questions_without_a_section_do_not_count() -> None:
    numbers = measured(((True,), (), (False,), ()))
    assert numbers["retrieval/recall_at_1"] == 0.5
    assert numbers["retrieval/recall_at_1/y"] == 0


def test_a_rank_that_the_search_did_not_reach_has_no_recall() -> None:
    assert {name for name in measured(((True,) * 3,) * 4) if name.count("/") == 1} == {
        "retrieval/recall_at_1",
        "retrieval/recall_at_3",
    }


def test_prompts_that_held_the_answer_are_counted() -> None:
    numbers = measured((), (True, False, True, True))
    assert numbers == {"retrieval/held": 3, "retrieval/asked": 4}


@pytest.mark.parametrize("found", [(), ((), (), (), ())])
def test_an_arm_without_passages_has_no_such_number(found: tuple[tuple[bool, ...], ...]) -> None:
    assert measured(found) == {}
