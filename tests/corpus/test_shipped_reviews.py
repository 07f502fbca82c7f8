"""Each shipped review is of a recorded label, and of its section as it stands."""

from pathlib import Path

from runner.data.reviews import label_item, read_reviews, source_of
from runner.pipeline.labels import label
from runner.pipeline.store_executor import StoreExecutor
from tests.given import study

REVIEWS = Path(__file__).resolve().parents[2] / "runner" / "corpus" / "sports" / "reviews.jsonl"


def test_the_reviews_are_of_all_recorded_labels_of_quick_and_of_their_sections_as_they_stand(tmp_path: Path) -> None:
    recorded, reviews = set(), read_reviews(REVIEWS)
    for method in ("fact", "token"):
        chosen = study("corpus=quick", f"method={method}", "size=5x", f"store={tmp_path}")
        recorded |= {label_item(each).id for each in label(chosen, StoreExecutor(chosen)).value.labels}
    sources = {section.id: source_of(section) for section in chosen.material.sections}
    assert {review.before.id for review in reviews} == recorded
    assert all(review.source == sources[review.before.section] for review in reviews)
    edited = [review for review in reviews if review.verdict == "edit"]
    assert edited
    assert all(review.after and review.after != review.before and review.note for review in edited)
