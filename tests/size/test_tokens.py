"""A budget of tokens draws as many labels as fit, nested and stratified, and reports if it cannot be used."""

import math
from itertools import pairwise

import pytest
from pydantic import ValidationError

from runner.data.records import Labelling
from runner.size.tokens import Tokens
from tests.given import label

# "a0 ?" and "b.": four tokens each
LABELLING = Labelling(
    labels=tuple(label(f"{category}{n}?", answer="b.", category=category) for category in "ab" for n in range(10))
)


@pytest.mark.parametrize(("tokens", "labels"), [(4, 1), (7, 1), (8, 2), (39, 9), (79, 19), (80, 20)])
def test_as_many_labels_are_drawn_as_the_budget_holds(tokens, labels):
    assert len(set(Tokens(tokens=tokens).draw(LABELLING, 0).labels)) == labels


def test_tokens_are_words_and_marks_of_question_and_answer():
    labelling = Labelling(labels=(label("Who won, then?", answer="Ada, of Oslo."),))  # five and five
    assert len(Tokens(tokens=10).draw(labelling, 0).labels) == 1
    assert Tokens(tokens=9).draw(labelling, 0).labels == ()


def test_a_smaller_budget_is_a_prefix_of_a_larger_one():
    small, large = (Tokens(tokens=tokens).draw(LABELLING, 3).labels for tokens in (20, 48))
    assert small == large[:5]


def test_a_label_that_does_not_fit_ends_the_draw_so_that_budgets_stay_nested():
    labels = (*LABELLING.labels, label("long " * 30, answer="b.", category="a"))
    draws = [Tokens(tokens=tokens).draw(Labelling(labels=labels), 1).labels for tokens in range(1, 130)]
    assert all(small == large[: len(small)] for small, large in pairwise(draws))
    assert len(draws[-1]) == 21


def test_half_of_the_tokens_hold_half_of_each_category():
    drawn = Tokens(tokens=40).draw(LABELLING, 0).labels
    assert sorted(one.category for one in drawn) == ["a"] * 5 + ["b"] * 5


def test_the_seed_decides_which_labels_are_drawn():
    assert Tokens(tokens=20).draw(LABELLING, 1) == Tokens(tokens=20).draw(LABELLING, 1)
    assert Tokens(tokens=20).draw(LABELLING, 1) != Tokens(tokens=20).draw(LABELLING, 2)


def test_a_shortage_is_told_in_tokens():
    draw = Tokens(tokens=81).draw(LABELLING, 0)
    assert len(draw.labels) == 20
    assert draw.shortage == "81 label tokens asked for, there are 80"


@pytest.mark.parametrize("tokens", [80, 79, 6, 4])
def test_a_budget_that_is_met_as_far_as_whole_labels_go_is_no_shortage(tokens):
    assert Tokens(tokens=tokens).draw(LABELLING, 0).shortage == ""


def test_a_budget_in_which_no_label_fits_draws_nothing_and_says_why():
    draw = Tokens(tokens=3).draw(LABELLING, 0)
    assert draw.labels == ()
    assert draw.shortage == "3 label tokens asked for, the first label holds 4"


def test_no_labels_at_all_are_a_shortage():
    draw = Tokens(tokens=3).draw(Labelling(labels=()), 0)
    assert (draw.labels, draw.shortage) == ((), "3 label tokens asked for, there are 0")


def test_the_name_is_the_budget():
    assert Tokens(tokens=3000).name == "3000 tokens"


@pytest.mark.parametrize("tokens", [0, -1, 1.5, "many", None, True, "5"])
def test_a_budget_that_is_no_positive_whole_number_is_refused(tokens):
    with pytest.raises(ValidationError, match="tokens"):
        Tokens(tokens=tokens)


@pytest.mark.parametrize("scale", [0, -1, "many", math.inf, math.nan])
def test_a_scale_that_is_no_positive_number_is_refused(scale):
    with pytest.raises(ValidationError, match="scale"):
        Tokens(tokens=1, scale=scale)
