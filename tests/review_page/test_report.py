"""The summary: progress, agreement and the error rate of a sample."""

from pathlib import Path

from runner.review_page.plan import ReviewPlan
from runner.review_page.report import lines, summary
from runner.review_page.session import GivenVerdict
from tests.review_page.given import candidate, judged, session


def test_agreement_is_that_of_first_verdicts(tmp_path: Path) -> None:
    reviewed = session(tmp_path, count=4, plan=ReviewPlan(overlap=1.0))
    judged(reviewed, "Ada", "accept", "accept", "reject", "reject")
    judged(reviewed, "Bob", "reject", "accept", "reject", "accept")
    judged(reviewed, "Bob", "accept")  # after a look at what Ada said
    (pair,) = summary(reviewed).agreement
    assert (pair.items, pair.same.estimate, pair.kappa and round(pair.kappa.estimate, 2)) == (4, 0.5, 0.0)
    assert pair.same.low < 0.5 < pair.same.high


def test_a_correction_of_a_settlement_says_nothing_about_agreement(tmp_path: Path) -> None:
    reviewed = session(tmp_path, count=1, plan=ReviewPlan(overlap=1.0))
    judged(reviewed, "Ada", "accept")
    judged(reviewed, "Bob", "reject")
    item = reviewed.queue.candidates[0]
    reviewed.judge(item, "Cleo", GivenVerdict(verdict="reject", settles=True))
    reviewed.judge(item, "Cleo", GivenVerdict(verdict="accept"))
    assert (standing := reviewed.state.standing(item.item.id)) and standing.verdict == "accept"
    assert [(pair.first, pair.second) for pair in summary(reviewed).agreement] == [("Ada", "Bob")]


def test_the_error_rate_is_that_of_the_sample_alone_by_method_and_category(tmp_path: Path) -> None:
    labels = [candidate(number, method="token" if number % 2 else "fact") for number in range(8)]
    before = session(tmp_path, *labels)
    before.judge(before.queue.candidates[7], "Ada", GivenVerdict(verdict="reject"))
    drawn = ReviewPlan(sample=frozenset(each.item.id for each in labels[:4]))
    reviewed = session(tmp_path, *labels, plan=drawn)
    judged(reviewed, "Ada", "reject", "accept", "accept")
    found = summary(reviewed)
    assert (found.sample, found.missing) == (3, 1)
    assert (found.rates[0].group, found.rates[0].wrong, found.rates[0].items) == ("all labels", 1, 3)
    assert sum(rate.items for rate in found.rates if rate.group.startswith("method")) == 3
    assert any("not stratified" in line for line in lines(found))
