"""What is denied or doubted is not claimed."""

import pytest

from runner.grader.denial import denied


def is_denied(text: str, *others: str, choice: bool = False, negative: bool = False) -> bool:
    start = text.index("Paris")
    mentions = [(text.index(other), text.index(other) + len(other)) for other in others]
    return denied(text, (start, start + 5), lambda: mentions, negative, choice)


@pytest.mark.parametrize(
    "text",
    [
        "It isn't Paris.",
        "not Paris",
        "Lyon rather than Paris",
        "Paris is not the capital",
        "Paris is wrong, it is Lyon",
        "Many say Paris, but that is false",
        "anywhere but Paris",
        "I do not think that it is Paris",
        "I am not sure whether it is Paris",
        "I doubt that it is Paris",
        "Maybe Paris, maybe Lyon",
        "Paris or Lyon",
        "either Lyon or Paris",
        "Paris, Lyon or Nice",
    ],
)
def test_a_denied_or_doubted_place_is_told(text: str) -> None:
    assert is_denied(text)


@pytest.mark.parametrize(
    "text",
    [
        "not Lyon but Paris",
        "It isn't Lyon, it is Paris.",
        "The town that did not fall was Paris",
        "Not only Paris",
        "Without doubt Paris",
        "It was not until Paris",
        "Paris, not Lyon",
        "It can't have been anywhere but Paris",
        "Paris or later",
        "Paris or its suburbs",
    ],
)
def test_what_is_claimed_is_not(text: str) -> None:
    assert not is_denied(text)


def test_either_of_two_right_answers_is_claimed() -> None:
    assert not is_denied("Paris or Lyon", "Lyon")
    assert not is_denied("Lyon or Paris", "Lyon")


def test_a_choice_in_the_question_must_be_made() -> None:
    assert is_denied("Paris or a suburb", choice=True)


def test_a_negative_question_has_negative_answers() -> None:
    assert not is_denied("He never saw Paris", negative=True)
