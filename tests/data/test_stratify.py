"""Items are spread so that every prefix has the categories in their shares, each category in the given order."""

from runner.data.stratify import spread
from tests.given import question


def test_every_prefix_is_within_one_of_the_shares() -> None:
    order = spread([question(f"{kind}{n}", category=kind) for kind, share in (("a", 70), ("b", 30)) for n in range(share)])
    for length in range(1, 101):
        assert abs(sum(one.category == "b" for one in order[:length]) - 0.3 * length) <= 1


def test_the_items_of_a_category_stay_in_their_order() -> None:
    order = spread([question(f"{kind}{n}", category=kind) for n in range(5) for kind in "ab"])
    assert [one.id for one in order if one.category == "a"] == [f"a{n}" for n in range(5)]


def test_nothing_is_spread_to_nothing() -> None:
    assert spread([]) == []
