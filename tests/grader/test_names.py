"""A person is found under other forms of the name."""

import pytest

from runner.grader.names import named, surname
from runner.grader.reading import read


@pytest.mark.parametrize(
    "answer", ["Vera Sund", "Vera M. Sund", "V. M. Sund", 'Vera "Vee" Maria Sund', "It was Vera Maria Anna Sund."]
)
def test_middle_names_may_differ(answer: str) -> None:
    assert named(read(answer), read("Vera Maria Sund").terms)


@pytest.mark.parametrize("answer", ["Maria Sund", "Vera Holm", "Vera Holm Sund", "Vera, and later Sund", "Sund"])
def test_other_persons_are_not_found(answer: str) -> None:
    assert not named(read(answer), read("Vera Maria Sund").terms)


def test_the_last_name_may_come_first() -> None:
    assert named(read("Hauge, Marit"), read("Marit Hauge").terms)


@pytest.mark.parametrize(
    ("answer", "right"), [("It was Lahr.", True), ("Ann Lahr", False), ("Lahr & Sons", False), ("Lahr's", False)]
)
def test_a_last_name_by_itself_is_found(answer: str, right: bool) -> None:
    assert bool(surname(read(answer), read("Bert Lahr").terms, set())) is right
