"""Only what people saw: accepted and edited labels."""

from dataclasses import replace

from runner.review.only import OnlyReviewed
from tests.review.test_done import EDITED, LABELS, STANDINGS


def test_only_accepted_and_edited_labels_are_left() -> None:
    result = OnlyReviewed().apply(LABELS, STANDINGS)
    assert [(each.position, each.answer) for each in result.labels] == [(0, "Ada."), (1, "Eve.")]
    assert [each.extra["reason"] for each in result.dropped] == ["rejected", "disputed", "not reviewed"]


def test_a_label_that_an_earlier_training_learned_in_the_words_of_an_edit_was_seen() -> None:
    learned = replace(EDITED, answer="Eve.")
    assert OnlyReviewed().apply([learned], STANDINGS).labels == (learned,)
