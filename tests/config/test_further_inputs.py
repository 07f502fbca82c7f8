"""The key of a tuned arm holds what only some choices add to it."""

from dataclasses import replace
from pathlib import Path

from runner.data.reviews import answer_item
from tests.given_reviews import ReviewedFolder

KTO = ("refine=kto", "review=done")


def test_reviews_of_answers_belong_to_the_key_where_they_are_learned(tmp_path: Path) -> None:
    folder = ReviewedFolder(tmp_path / "docs")
    others = [("refine=dpo", "review=done"), ("refine=kto", "review=none"), ("refine=none", "review=done")]
    before = [folder.study(*choices).key("tuned") for choices in (KTO, *others)]
    question = folder.study().material.questions[0]
    # Grades of answers to the exam are never learned.
    folder.review("wrong", answer_item(question, "Bea, I think."))
    assert [folder.study(*choices).key("tuned") for choices in (KTO, *others)] == before
    practised = replace(question, question="Who else ran in the cup?")
    folder.review("right", answer_item(practised, "Ada."))
    learned, *same = (folder.study(*choices).key("tuned") for choices in (KTO, *others))
    assert learned != before[0]
    assert same == before[1:]
    folder.review("wrong", answer_item(practised, "Ada."))
    assert folder.study(*KTO).key("tuned") not in (learned, before[0])
    assert folder.study(*KTO).key("base") == folder.study().key("base")
