"""A study trains on the labels that people left, and its ledger says what they changed."""

from dataclasses import replace
from pathlib import Path

import pytest

from runner.data.reviews import answer_item, label_item, question_item
from runner.errors import Fault
from runner.pipeline.labels import label
from runner.pipeline.reviewing import check_reviews, grades, preferences
from runner.pipeline.store_executor import StoreExecutor
from tests.given_reviews import ReviewedFolder


@pytest.fixture
def folder(tmp_path: Path) -> ReviewedFolder:
    """The corpus, in a folder of its own."""
    return ReviewedFolder(tmp_path / "docs")


def test_rejected_labels_are_dropped_and_edits_taken_over(folder: ReviewedFolder) -> None:
    first, second = folder.study().material.labels
    folder.review("edit", label_item(first), replace(label_item(first), answer="Eve"))
    folder.review("reject", label_item(second), note="no")
    study = folder.study("review=done")
    labelling = label(study, StoreExecutor(study)).value
    assert [(each.question, each.answer) for each in labelling.labels] == [(first.question, "Eve")]
    ledger = next(ledger for ledger in labelling.ledgers if ledger.stage == "review=done")
    assert (ledger.requested, ledger.kept, dict(ledger.filtered)) == (2, 1, {"rejected": 1})
    assert [each.extra["filter"] for each in labelling.dropped] == ["review=done"]


def test_an_edit_that_asks_an_exam_question_is_dropped_as_a_leak(folder: ReviewedFolder) -> None:
    first, second = folder.study().material.labels
    folder.review("edit", label_item(first), replace(label_item(first), question="Who won?"))
    study = folder.study("review=done")
    assert [each.question for each in label(study, StoreExecutor(study)).value.labels] == [second.question]


def test_what_a_person_accepted_passes_every_filter_at_its_place(folder: ReviewedFolder) -> None:
    first, second = folder.study().material.labels
    folder.review("accept", label_item(first))
    study = folder.study("review=done", "filter=[length]", "filter.length.shortest=5")
    assert label(study, StoreExecutor(study)).value.labels == (first,)
    folder.review("edit", label_item(second), replace(label_item(second), answer="Eve"))
    study = folder.study("review=done", "filter=[length]", "filter.length.shortest=5")
    assert [each.answer for each in label(study, StoreExecutor(study)).value.labels] == ["Ada", "Eve"]


def test_only_reviewed_labels_without_any_is_an_error_that_says_what_to_do(folder: ReviewedFolder) -> None:
    study = folder.study("review=only")
    with pytest.raises(Fault, match=r"review=only: no label is left of 2 \(2 not reviewed\)\. Reviews of 0 of these"):
        label(study, StoreExecutor(study))


def test_reviews_that_reject_every_label_advise_another_method_and_no_more_reviews(folder: ReviewedFolder) -> None:
    for each in folder.study().material.labels:
        folder.review("reject", label_item(each))
    for choice in ("done", "only"):
        study = folder.study(f"review={choice}")
        with pytest.raises(Fault, match=f"review={choice}: reviews rejected all 2 labels of method=human") as refusal:
            label(study, StoreExecutor(study))
        assert "choose another method, or review=none" in str(refusal.value)
        assert "Review labels" not in str(refusal.value)


def test_rejected_labels_and_an_exam_that_asks_the_rest_are_not_blamed_on_reviews_alone(folder: ReviewedFolder) -> None:
    first, second = folder.study().material.labels
    folder.review("reject", label_item(first))
    folder.review("edit", label_item(second), replace(label_item(second), question="Who won?"))
    study = folder.study("review=done")
    assert label(study, StoreExecutor(study)).value.labels == ()


def test_the_shipped_study_of_reviews_composes(tmp_path: Path) -> None:
    assert ReviewedFolder(tmp_path / "docs").study("experiment=review").review.applies is False


def test_edits_of_answers_become_preferences_where_reviews_are_used(folder: ReviewedFolder) -> None:
    first, second = (label_item(label) for label in folder.study().material.labels)
    folder.review("edit", first, replace(first, answer="Eve"))
    folder.review("edit", second, replace(second, question="Who came last?"))
    assert preferences(folder.study()) == ()
    (pair,) = preferences(folder.study("review=done"))
    assert (pair.question, pair.chosen, pair.rejected) == (first.question, "Eve", "Ada")


def test_grades_of_reviewers_measure_a_judge(folder: ReviewedFolder) -> None:
    question = folder.study().material.questions[0]
    folder.review("wrong", answer_item(question, "Bea, I think."))
    folder.review("right", answer_item(replace(question, question="Who else?"), "Ada."))
    given = grades(folder.study())
    assert [(grade.question.id, grade.answer, grade.passed) for grade in given] == [
        (question.id, "Bea, I think.", False),
        ("who else", "Ada.", True),
    ]


def test_former_words_of_a_corrected_question_are_no_label_and_no_lesson(folder: ReviewedFolder) -> None:
    question, first = folder.study().material.questions[0], label_item(folder.study().material.labels[0])
    folder.review("edit", question_item(question), replace(question_item(question), question="Which side took the title?"))
    folder.review("edit", first, replace(first, question="Who won?"))
    study = folder.study("review=done")
    assert "who won" in study.examined
    assert "Who won?" not in [each.question for each in label(study, StoreExecutor(study)).value.labels]


def test_only_reviewed_labels_are_asked_for_before_anything_is_paid(folder: ReviewedFolder) -> None:
    with pytest.raises(Fault, match=r"review=only: the corpus has no label that a person accepted or edited\. Expected some in"):
        check_reviews(folder.study("review=only"))
    check_reviews(folder.study("review=done"))
