"""A person sees what they may see: nobody sees others' verdicts before their own."""

from pathlib import Path

from runner.review_page.plan import ReviewPlan
from runner.review_page.review_queue import ItemFilter
from runner.review_page.session import ReviewSession
from runner.review_page.view import address, meanwhile, work
from tests.review_page.given import judged, session


def shown(reviewed: ReviewSession, who: str, state: str = "open") -> list[str]:
    others = work(reviewed, who, ItemFilter(state=state), reviewed.queue.candidates[0])["others"]
    return list(others)


def test_others_verdicts_are_shown_after_ones_own_or_where_one_settles(tmp_path: Path) -> None:
    reviewed = session(tmp_path)
    judged(reviewed, "Ada", "accept")
    judged(reviewed, "Bob", "reject")
    assert shown(reviewed, "Cleo") == []
    assert shown(reviewed, "Cleo", "disputed") == ["Ada accepted it", "Bob rejected it"]
    assert shown(reviewed, "Ada") == ["Bob rejected it"]
    blind = session(tmp_path, plan=ReviewPlan(overlap=1.0))
    assert shown(blind, "Cleo", "disputed") == []


def test_a_verdict_that_came_meanwhile_is_told_but_not_of_the_overlap(tmp_path: Path) -> None:
    reviewed = session(tmp_path)
    judged(reviewed, "Bob", "reject")
    judged(reviewed, "Ada", "accept")
    assert "Bob judged the same item meanwhile" in meanwhile(reviewed, "Ada", reviewed.queue.candidates[0], 0)
    assert meanwhile(reviewed, "Ada", reviewed.queue.candidates[0], 1) == ""
    assert meanwhile(session(tmp_path, plan=ReviewPlan(overlap=1.0)), "Ada", reviewed.queue.candidates[0], 0) == ""


def test_an_address_holds_the_filter() -> None:
    assert address(ItemFilter(), "") == "/"
    assert address(ItemFilter(category="a&b"), "x") == "/?category=a%26b&at=x"
