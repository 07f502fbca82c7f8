"""Items of several sources are joined, and their reviews have a place."""

from dataclasses import replace
from pathlib import Path

from runner.config.places import PACKAGE
from runner.review_page.gathered import ReviewedItems, candidates_of_labels, candidates_of_questions, merged
from runner.store.local import LocalStore
from tests.given import label, question
from tests.review_page.given import candidate


def test_the_same_words_of_two_sources_are_one_item() -> None:
    first, other = candidate(), replace(candidate(method="token"), origin="people", grades=(("base", "pass"),))
    (joined,) = merged([first, other, other])
    assert (joined.item.method, joined.origin, joined.grades) == ("fact", "teacher, people", (("base", "pass"),))


def test_labels_and_questions_are_items() -> None:
    (of_label,), (of_question,) = candidates_of_labels([label()]), candidates_of_questions([question()], "people")
    assert (of_label.item.kind, of_label.origin, of_question.item.kind, of_question.origin) == (
        "label",
        "labels.jsonl:1",
        "question",
        "people",
    )


def test_reviews_of_a_shipped_corpus_go_to_the_working_folder(tmp_path: Path) -> None:
    shipped = ReviewedItems(
        name="silicon", candidates=(), sections={}, store=LocalStore(Path("store")), folder=PACKAGE / "corpus" / "silicon"
    )
    assert shipped.reviews == Path("reviews.jsonl")
    assert replace(shipped, folder=tmp_path).reviews == tmp_path / "reviews.jsonl"
