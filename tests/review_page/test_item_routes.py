"""The page's requests: a verdict shows the next item at once, and undo brings the last one back."""

from dataclasses import replace
from pathlib import Path

import pytest

from runner.data.reviews import read_reviews
from runner.review_page.item_routes import LONGEST
from tests.given import section
from tests.review_page.given import FIFO, candidate, client, judged, session

HTMX = {"HX-Request": "true"}


def test_a_verdict_is_on_the_disk_and_the_next_item_is_shown(tmp_path: Path) -> None:
    reviewed = session(tmp_path)
    first, second, _ = reviewed.queue.candidates
    answer = client(reviewed).post("/verdict", data={"item": first.item.id, "verdict": "reject", "note": "no"}, headers=HTMX)
    assert (second.item.question in answer.text, "You rejected it" in answer.text, "1 of 3 done" in answer.text) == (True,) * 3
    assert answer.headers["hx-replace-url"] == f"/?at={second.item.id}"
    (review,) = read_reviews(reviewed.file)
    assert (review.who, review.verdict, review.note, bool(review.source)) == ("Ada", "reject", "no", True)


def test_undo_brings_back_the_item(tmp_path: Path) -> None:
    reviewed = session(tmp_path)
    page, first = client(reviewed), reviewed.queue.candidates[0]
    page.post("/verdict", data={"item": first.item.id, "verdict": "accept"}, headers=HTMX)
    answer = page.post("/undo", data={"item": ""}, headers=HTMX).text
    assert (first.item.question in answer, "Undone: you accepted it" in answer, "0 of 3 done" in answer) == (True,) * 3
    assert "nothing to undo" in page.post("/undo", headers=HTMX).text


def test_an_edit_without_an_answer_is_not_kept(tmp_path: Path) -> None:
    reviewed = session(tmp_path)
    data = {"item": reviewed.queue.candidates[0].item.id, "verdict": "edit", "question": "Q?", "answer": ""}
    assert "Not kept" in client(reviewed).post("/verdict", data=data, headers=HTMX).text
    assert not reviewed.file.exists()


def test_a_dispute_is_settled_by_whoever_sees_both_views(tmp_path: Path) -> None:
    reviewed = session(tmp_path)
    judged(reviewed, "Ada", "accept")
    judged(reviewed, "Bob", "reject")
    page = client(reviewed, "Cleo")
    text = page.get("/?state=disputed").text
    assert ("Ada accepted it" in text, "Bob rejected it" in text, 'name="settles"' in text) == (True,) * 3
    data = {"item": reviewed.queue.candidates[0].item.id, "verdict": "reject", "settles": "true", "state": "disputed"}
    assert "Nothing here" in page.post("/verdict", data=data).text
    standing = reviewed.state.standing(reviewed.queue.candidates[0].item.id)
    assert standing and standing.verdict == "reject"


def test_a_changed_section_shows_what_changed_and_opens_its_items(tmp_path: Path) -> None:
    judged(session(tmp_path), "Ada", "accept", "accept", "accept")
    changed = session(tmp_path, sections=(replace(FIFO, text=FIFO.text.replace("64", "128")),))
    text = client(changed).get("/").text
    assert ("<del>64" in text, "<ins>128" in text, "0 of 3 done" in text) == (True,) * 3


@pytest.mark.parametrize("text", ["<script>window.broken=1</script>", "\u202emirrored \u05e9\u05dc\u05d5\u05dd", "x" * 5000])
def test_items_are_text_whatever_they_hold(tmp_path: Path, text: str) -> None:
    page = client(session(tmp_path, candidate(question=text, answer=text)))
    assert "<script>window" not in page.get("/").text


def test_a_broken_file_of_reviews_is_told_on_the_page(tmp_path: Path) -> None:
    reviewed = session(tmp_path)
    page = client(reviewed)
    reviewed.file.write_text("<<<<<<< HEAD\n")
    assert "reviews.jsonl:1: no review" in page.get("/").text


def test_the_summary_is_shown(tmp_path: Path) -> None:
    reviewed = session(tmp_path)
    judged(reviewed, "Ada", "accept", "reject")
    assert "2 of 3" in client(reviewed).get("/summary").text


def test_a_filter_of_very_many_values_is_typed_and_keeps_the_page_small(tmp_path: Path) -> None:
    places = [section("The FIFO is 64 bytes deep.", document=f"{number}.md", heading="FIFO") for number in range(LONGEST + 1)]
    many = [candidate(number, section=place.id) for number, place in enumerate(places)]
    page = client(session(tmp_path, *many, candidate(0, section=places[-1].id), sections=places))
    text = page.get("/").text
    assert ('<select name="category">' in text, '<select name="section">' in text, text.count("<option value") < 400) == (
        True,
        False,
        True,
    )
    assert f'<option value="{places[-1].id}">' in text
    assert "0 of 2 done" in page.get("/", params={"section": places[-1].id}).text
