"""Reviews in, their summary out: progress, agreement of reviewers, and the teacher's error rate."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from runner.comparison.words import counted
from runner.data.reviews import Review
from runner.review_page.session import ReviewSession
from runner.statistics import Interval, interval, kappa

GOOD = ("accept", "right")


@dataclass(frozen=True, kw_only=True)
class ReviewProgress:
    """Items of a kind, and their verdicts."""

    kind: str
    items: int
    verdicts: dict[str, int]

    @property
    def reviewed(self) -> int:
        """Count the items with an outcome."""
        return sum(self.verdicts.values())


@dataclass(frozen=True, kw_only=True)
class ReviewerAgreement:
    """The agreement of two people on items that both judged."""

    first: str
    second: str
    items: int
    same: Interval
    kappa: Interval | None  # None where one of them gave one verdict alone


@dataclass(frozen=True, kw_only=True)
class ErrorRate:
    """The share of wrong labels in a random sample."""

    group: str  # overall, or a method or category with its name
    items: int
    wrong: int
    rate: Interval


@dataclass(frozen=True, kw_only=True)
class ReviewSummary:
    """All that the summary page and `--report` show."""

    progress: tuple[ReviewProgress, ...]
    people: dict[str, int]  # items that each one judged
    agreement: tuple[ReviewerAgreement, ...]
    rates: tuple[ErrorRate, ...]
    unsettled: int  # disputed items of the sample, which count in no rate
    sample: int  # items of the sample that are judged
    missing: int  # of the sample, still to be judged
    strangers: int


def summary(session: ReviewSession) -> ReviewSummary:
    """Summarise the reviews of a session."""
    state = session.state
    standings = {each.item.id: state.standing(each.item.id) for each in session.gathered.candidates}
    by_kind: dict[str, list[str]] = {}
    for each in session.gathered.candidates:
        by_kind.setdefault(each.item.kind, []).append(each.item.id)
    progress = [
        ReviewProgress(
            kind=kind,
            items=len(items),
            verdicts=dict(Counter(standing.verdict for item in items if (standing := standings[item]))),
        )
        for kind, items in by_kind.items()
    ]
    firsts = _first_reviews(session)
    drawn = _drawn(session)
    settled = [(review, verdict) for review, verdict in drawn if verdict != "disputed"]
    return ReviewSummary(
        progress=tuple(progress),
        people={who: len(reviews) for who, reviews in firsts.items()},
        agreement=tuple(_agreements(firsts)),
        rates=tuple(_rates(settled)),
        unsettled=len(drawn) - len(settled),
        sample=len(drawn),
        missing=len(session.plan.sample - {review.before.id for review, _ in drawn}),
        strangers=session.strangers,
    )


def _first_reviews(session: ReviewSession) -> dict[str, dict[str, Review]]:
    """Return each person's first review of each item.

    Later ones may follow a look at what others said, so they say nothing about agreement.
    """
    people: dict[str, dict[str, Review]] = {}
    for item, reviews in session.state.by_item.items():
        settlers = set[str]()
        for review in reviews:
            settlers |= {review.who} if review.decides else set()
            counts = session.state.own(item, review.who) is not None
            if review.verdict != "undo" and review.who not in settlers and counts:
                people.setdefault(review.who, {}).setdefault(item, review)
    return dict(sorted(people.items()))


def _agreements(people: dict[str, dict[str, Review]]) -> Iterator[ReviewerAgreement]:
    for first, second in combinations(people, 2):
        shared = [item for item in people[first] if item in people[second]]
        if not shared:
            continue
        pairs = [(people[first][item], people[second][item]) for item in shared]
        clusters = [first_review.before.section for first_review, _ in pairs]
        ours, theirs = ([pair[place].verdict in GOOD for pair in pairs] for place in (0, 1))
        same = interval([our == their for our, their in zip(ours, theirs, strict=True)], clusters)
        assert same is not None  # there is at least one item
        of_both = kappa(ours, theirs, clusters)
        yield ReviewerAgreement(first=first, second=second, items=len(shared), same=same, kappa=of_both)


def _drawn(session: ReviewSession) -> list[tuple[Review, str]]:
    """Return a review of each drawn label, with its outcome."""
    drawn = list[tuple[Review, str]]()
    for item, reviews in session.state.by_item.items():
        standing = session.state.standing(item)
        if standing and reviews[0].before.kind == "label" and session.state.is_drawn(item):
            drawn.append((reviews[0], standing.verdict))
    return drawn


def _rates(drawn: Sequence[tuple[Review, str]]) -> Iterator[ErrorRate]:
    """Yield the rates of all, each method and each category."""
    groups: dict[str, list[tuple[Review, str]]] = {"all labels": list(drawn)}
    for field in ("method", "category"):
        for review, verdict in sorted(drawn, key=lambda pair: str(getattr(pair[0].before, field))):
            groups.setdefault(f"{field} {getattr(review.before, field) or 'unknown'}", []).append((review, verdict))
    for group, pairs in groups.items():
        wrong = [verdict not in GOOD for _, verdict in pairs]
        # Labels of one section may be wrong together.
        rate = interval(wrong, [review.before.section for review, _ in pairs])
        if rate:
            yield ErrorRate(group=group, items=len(wrong), wrong=sum(wrong), rate=rate)


def lines(found: ReviewSummary) -> Iterator[str]:
    """Yield a summary as lines of text."""
    for progress in found.progress:
        verdicts = ", ".join(f"{count} {verdict}" for verdict, count in sorted(progress.verdicts.items()))
        yield f"{progress.kind}: {progress.reviewed} of {progress.items} reviewed" + (f" ({verdicts})" if verdicts else "")
    yield from (f"by {who!r}: {counted(count, 'item')}" for who, count in found.people.items())
    for pair in found.agreement:
        of_both = f"kappa {_range(pair.kappa)}" if pair.kappa else "kappa not defined: one of them gave one verdict alone"
        yield f"{pair.first!r} and {pair.second!r}: {counted(pair.items, 'item')}, {_percent(pair.same)} agree, {of_both}"
    if found.sample:
        named = f"{counted(found.sample, 'label')}, not stratified"
        yield f"error rate from a simple random sample of {named} (95% intervals, by section):"
    for rate in found.rates:
        yield f"  {rate.group}: {rate.wrong} of {rate.items} wrong, {_percent(rate.rate)}"
    if found.missing:
        yield f"  {found.missing} of the sample are still to be judged"
    if found.unsettled:
        yield f"  {found.unsettled} of the sample are disputed and count in no rate; settle them on the page"
    if found.strangers:
        yield f"{found.strangers} reviewed items are not among these: of another corpus or other options, or they were changed"


def _percent(value: Interval) -> str:
    return f"{100 * value.estimate:.1f}% ({100 * value.low:.1f}% to {100 * value.high:.1f}%)"


def _range(value: Interval) -> str:
    return f"{value.estimate:.2f} ({value.low:.2f} to {value.high:.2f})"
