"""Reviews are done: rejected labels go, edits are taken over, all others stay."""

from runner.data.records import Label
from runner.data.reviews import Review, label_item, standings
from runner.review.done import DoneReview
from tests.given import label

LABELS = tuple(label(f"Who won cup {number}?", answer="Ada.", position=number) for number in range(5))
ACCEPTED, EDITED, REJECTED, DISPUTED, UNSEEN = LABELS


def review(of: Label, verdict: str, who: str = "Bea", answer: str = "", **more: str) -> Review:
    """A review of a label."""
    after = label_item(label(of.question, answer=answer)) if answer else None
    return Review(verdict=verdict, before=label_item(of), after=after, who=who, when="2026-11-30T10:00:00+00:00", **more)


STANDINGS = standings(
    [
        review(ACCEPTED, "accept"),
        review(EDITED, "edit", answer="Eve."),
        review(REJECTED, "reject", note="nobody won"),
        review(DISPUTED, "accept"),
        review(DISPUTED, "reject", who="Cleo"),
    ]
)


def test_rejected_labels_go_and_edits_are_taken_over() -> None:
    result = DoneReview().apply(LABELS, STANDINGS)
    assert [(each.position, each.answer) for each in result.labels] == [(0, "Ada."), (1, "Eve."), (3, "Ada."), (4, "Ada.")]
    assert (result.edited, result.disputed) == (1, 1)


def test_a_dropped_label_says_who_rejected_it_and_why() -> None:
    (dropped,) = DoneReview().apply(LABELS, STANDINGS).dropped
    assert dropped.extra == {"reason": "rejected", "detail": "Bea: nobody won"}


def test_without_reviews_nothing_changes() -> None:
    assert DoneReview().apply(LABELS, {}).labels == LABELS
