"""Reviews of a corpus folder: what counts, what does not, and which numbers they decide."""

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from runner.data.reviews import (
    label_item,
    question_item,
    source_of,
)
from runner.errors import Fault
from tests.given_reviews import ReviewedFolder


@pytest.fixture
def folder(tmp_path: Path) -> ReviewedFolder:
    """The corpus, in a folder of its own."""
    return ReviewedFolder(tmp_path / "docs")


def test_reviews_of_labels_change_no_arm_that_does_not_use_them(folder: ReviewedFolder) -> None:
    before = folder.study()
    folder.review("reject", label_item(before.material.labels[0]))
    after, used = folder.study(), folder.study("review=done")
    assert after.key("tuned") == before.key("tuned")
    assert used.key("tuned") != before.key("tuned")
    assert used.key("base") == before.key("base")


def test_a_corrected_exam_is_another_exam(folder: ReviewedFolder, caplog: pytest.LogCaptureFixture) -> None:
    before = folder.study()
    first, second = before.material.questions
    folder.review("edit", question_item(first), replace(question_item(first), answer="Eve", aliases=("Eva",)))
    folder.review("reject", question_item(second))
    with caplog.at_level(logging.WARNING):
        after = folder.study()
        assert [(each.id, each.answer, each.aliases) for each in after.material.questions] == [(first.id, "Eve", ("Eva",))]
    assert "exam: people's reviews corrected 1 of 2 questions and removed 1" in caplog.text
    assert after.key("base") != before.key("base")
    assert folder.study("corpus.reviews=null").key("base") == before.key("base")


def test_an_exam_of_which_all_questions_are_rejected_is_refused(folder: ReviewedFolder) -> None:
    for question in folder.study().material.questions:
        folder.review("reject", question_item(question))
    with pytest.raises(Fault, match=r"removed 2, so none is left\. Expected some that are not rejected"):
        _ = folder.study().material


def test_a_review_of_a_text_that_has_changed_does_not_count_and_is_told(
    folder: ReviewedFolder, caplog: pytest.LogCaptureFixture
) -> None:
    before = folder.study()
    label, (section,) = before.material.labels[0], before.material.sections
    folder.review("reject", label_item(label), source=source_of(section))
    folder.review("reject", replace(label_item(label), section="gone.md#Gone"))
    with caplog.at_level(logging.WARNING):
        assert folder.study().reviews.keys() >= {label_item(label).id}
        # Where reviews of labels are not used, nobody is bothered with them.
        assert "reviews" not in caplog.text
    assert folder.study("review=done").label_reviews.keys() >= {label_item(label).id}
    (folder.root / "documents" / "cup.md").write_text("# Cup\n\nEve won.\n")
    with caplog.at_level(logging.WARNING):
        assert label_item(label).id not in folder.study("review=done").label_reviews
    assert "cup: 1 of 2 reviews are of sections that have changed since. They do not count" in caplog.text
    assert "cup: 1 of 2 reviews are of sections that this corpus does not hold. The first: gone.md#Gone" in caplog.text
