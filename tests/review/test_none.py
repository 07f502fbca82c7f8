"""Reviews that are not used change nothing."""

from runner.review.none import NoReview
from tests.review.test_done import LABELS, STANDINGS


def test_labels_stay_as_they_were_written() -> None:
    result = NoReview().apply(LABELS, STANDINGS)
    assert (result.labels, result.dropped, result.edited) == (LABELS, (), 0)
