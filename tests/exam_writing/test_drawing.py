"""The order of sections and facts is by chance, the same each time, and the same for every size."""

from runner.exam_writing.drawing import drawn, in_turns, shuffled
from tests.given import section

MANY = [section(heading=f"H{number}", category="ab"[number % 4 == 0]) for number in range(20)]


def test_the_order_is_the_same_each_time_and_another_with_another_seed() -> None:
    assert drawn(MANY, 0) == drawn(reversed(MANY), 0) != drawn(MANY, 1)
    assert shuffled("abcdef", 0) == shuffled("fedcba", 0) != shuffled("abcdef", 1)


def test_a_beginning_has_each_category_by_its_share() -> None:
    assert [each.category for each in drawn(MANY, 0)[:8]].count("b") == 2


def test_a_section_that_is_added_leaves_the_others_in_their_order() -> None:
    more = [*MANY, section(heading="new", category="a")]
    for category in "ab":
        assert [each for each in drawn(more, 0) if each in MANY and each.category == category] == [
            each for each in drawn(MANY, 0) if each.category == category
        ]


def test_each_group_has_its_turn_before_any_has_a_second() -> None:
    assert list(in_turns(["ad", "b", "ce"])) == list("abcde")
