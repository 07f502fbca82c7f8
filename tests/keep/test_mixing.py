"""General examples are added as a share of the labels, and none comes twice."""

import pytest

from runner.keep.mixing import lacking, mixed
from tests.keep.given import GENERAL, LABELS


@pytest.mark.parametrize(("share", "added"), [(0.1, 0), (0.25, 1), (0.5, 2), (0.75, 3), (1.0, 3)])
def test_so_many_are_added_after_the_labels_as_there_are(share, added):
    assert mixed(LABELS, GENERAL, share) == [*LABELS, *GENERAL[:added]]


def test_a_share_beyond_what_is_there_is_told_with_the_largest_that_is():
    assert lacking(LABELS, GENERAL, 0.75, "pairs") == ""
    assert lacking(LABELS, GENERAL, 1.0, "pairs").startswith(
        "keep.share=1: 4 general examples are wanted for 4 labels, and there are 3 pairs. Set keep.share to 0.75 at most"
    )
    assert "there are 0 pairs. Choose another keep, or" in lacking(LABELS, (), 1.0, "pairs")
