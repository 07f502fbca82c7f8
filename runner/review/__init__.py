"""The contract of the use of reviews: labels and what people said of them in, the labels to train on out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from runner.data.records import Label
from runner.data.reviews import Standing, label_item


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """The labels that are left, and those that are dropped."""

    labels: tuple[Label, ...]
    dropped: tuple[Label, ...] = ()  # `extra` of each has a `reason`, as the ledger counts it, and the `detail` in words
    edited: int = 0  # of those that are left
    disputed: int = 0  # of all, those that people judged differently


@runtime_checkable
class ReviewUse(Protocol):
    """A use of people's reviews. A class must have `apply`; `applies` and `seen_alone` are optional.

    `applies` is False for one that reads no review. Then reviews decide no number of an arm. `seen_alone` is True for one that
    keeps no label that nobody has seen. Then a corpus without such reviews is refused before any work.
    """

    # The build step sets these values on a class that does not name them.
    applies: bool = True
    seen_alone: bool = False

    def apply(self, labels: Sequence[Label], standings: Mapping[str, Standing]) -> Reviewed:
        """Keep, edit or drop each label; `standings` are those of items, by id.

        The labels that are left stay in their order.
        """


def weighed(labels: Sequence[Label], standings: Mapping[str, Standing], *, seen_alone: bool) -> Reviewed:
    """Drop what people rejected, and take over what they edited.

    With `seen_alone`, labels that nobody accepted or edited are dropped too. Without it they stay as they are, and so do those
    that people judged differently. A label that has the words of an edit already, as one of an earlier training may, counts
    as seen.
    """
    kept, dropped, edited, disputed = list[Label](), list[Label](), 0, 0
    written = {standing.after.id for standing in standings.values() if standing.after}
    for label in labels:
        item = label_item(label).id
        standing, seen = standings.get(item), item in written
        verdict = standing.verdict if standing else ""
        disputed += verdict == "disputed"
        if standing and standing.after:
            edited += 1
            kept.append(replace(label, question=standing.after.question, answer=standing.after.answer))
        elif verdict == "accept" or (verdict != "reject" and not seen_alone) or (seen and not standing):
            kept.append(label)
        else:
            dropped.append(_with_reason(label, standing))
    return Reviewed(labels=tuple(kept), dropped=tuple(dropped), edited=edited, disputed=disputed)


def _with_reason(label: Label, standing: Standing | None) -> Label:
    if not standing:
        reason, detail = "not reviewed", ""
    else:
        people = ", ".join(f"{review.who}: {review.note or review.verdict}" for review in standing.reviews)
        reason, detail = "rejected" if standing.verdict == "reject" else standing.verdict, people
    return replace(label, extra={**label.extra, "reason": reason, "detail": detail})
