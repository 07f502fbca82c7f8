"""A text knows what stands between its terms."""

from runner.grader.reading import read


def test_a_gap_is_what_stands_before_a_term() -> None:
    text = read("Ada, then Bo")
    assert [text.gap(place) for place in range(3)] == ["", ", ", " "]


def test_letters_are_small_and_without_apostrophes() -> None:
    assert read("Xi'an").letters == "xian"
