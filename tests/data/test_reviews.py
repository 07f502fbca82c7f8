"""Tests of runner.data.reviews."""

from dataclasses import replace
from pathlib import Path

import pytest

from runner.data.records import Section
from runner.data.reviews import Item, Review, append_review, read_reviews, source_of, standings
from runner.errors import Fault

ITEM = Item(kind="label", question="How deep is the FIFO?", answer="64", section="uart.md#FIFO", category="uart", method="fact")
EDITED = replace(ITEM, answer="64 bytes")
SECTION = Section(id="uart.md#FIFO", document="uart.md", title="UART", heading="FIFO", category="uart", text="64 bytes deep.")


def review(who: str = "Ada", verdict: str = "accept", **more: object) -> Review:
    return Review(verdict=verdict, before=ITEM, who=who, when="2026-11-30T09:00:00+00:00", **more)  # type: ignore[arg-type]


def stands(*reviews: Review, sections: tuple[Section, ...] = ()) -> str | None:
    standing = standings(reviews, sections).get(ITEM.id)
    return standing and standing.verdict


def test_reviews_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    file = tmp_path / "reviews.jsonl"
    written = [review(who='Łukasz, "Luk"\nof DV', note="two\u2028lines"), review(verdict="edit", after=EDITED, source="ab")]
    for each in written:
        append_review(file, each)
    assert list(read_reviews(file)) == written


def test_half_a_line_costs_no_other_review(tmp_path: Path) -> None:
    file = tmp_path / "reviews.jsonl"
    append_review(file, review())
    file.write_bytes(file.read_bytes() + b'{"verdict": "rej')
    assert len(read_reviews(file)) == 1
    append_review(file, review(who="Bob"))
    assert [each.who for each in read_reviews(file)] == ["Ada", "Bob"]


def test_a_line_that_is_no_review_is_named(tmp_path: Path) -> None:
    file = tmp_path / "reviews.jsonl"
    append_review(file, review())
    file.write_text(file.read_text() + "<<<<<<< HEAD\n")
    with pytest.raises(Fault, match=r"reviews\.jsonl:2: no review"):
        read_reviews(file)


def test_a_mark_that_an_editor_put_in_front_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "reviews.jsonl"
    append_review(file, review())
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert list(read_reviews(file)) == [review()]


def test_an_edit_without_an_answer_is_no_review(tmp_path: Path) -> None:
    file = tmp_path / "reviews.jsonl"
    append_review(file, review())
    append_review(file, review(verdict="edit", after=replace(ITEM, answer=" ")))
    with pytest.raises(Fault, match=r"reviews\.jsonl:2: no review \(an edit needs an answer\)"):
        read_reviews(file)


def test_the_last_review_of_a_person_counts() -> None:
    assert stands(review(), review(verdict="reject")) == "reject"


def test_undo_brings_back_the_review_before() -> None:
    assert stands(review(), review(verdict="reject"), review(verdict="undo")) == "accept"
    assert stands(review(), review(verdict="undo")) is None
    assert stands(review(), review("Bob", "undo")) == "accept"


def test_most_people_decide() -> None:
    assert stands(review(), review("Bob"), review("Cleo", "reject")) == "accept"


def test_an_even_split_is_disputed_until_somebody_decides() -> None:
    split = [review(), review("Bob", "reject")]
    assert stands(*split) == "disputed"
    assert stands(*split, review("Cleo", "reject", decides=True)) == "reject"


def test_of_several_settlements_the_last_in_the_file_counts_and_reviews_keep_its_order() -> None:
    split = [review(), review("Bob", "reject")]
    settled = [*split, review("Bob", "reject", decides=True), review("Ada", decides=True)]
    assert stands(*settled) == "accept"
    assert stands(*settled, review("Bob", "reject", decides=True)) == "reject"
    (standing,) = standings([review(), review("Bob"), review(note="again")]).values()
    assert [each.who for each in standing.reviews] == ["Bob", "Ada"]


def test_who_settled_an_item_settles_it_with_a_later_verdict_too_until_its_section_changes() -> None:
    split = [review(source="old"), review("Bob", "reject", source="old"), review("Ada", decides=True, source="old")]
    later = review("Ada", "reject", source=source_of(SECTION))
    assert stands(*split, replace(later, source="old")) == "reject"
    assert stands(*split, replace(later, source="old"), review("Ada", "undo")) == "accept"
    assert stands(*split, later, review("Bob", source=later.source), sections=(SECTION,)) == "disputed"
    assert stands(*split, review("Ada", "undo"), replace(later, source="old"), review("Cleo"), review("Dan")) == "disputed"


def test_two_edits_of_one_item_are_disputed_unless_they_agree() -> None:
    edit = review(verdict="edit", after=EDITED)
    assert stands(edit, replace(edit, who="Bob")) == "edit"
    assert stands(edit, replace(edit, who="Bob", after=replace(ITEM, answer="128"))) == "disputed"


def test_the_edit_that_stands_is_returned() -> None:
    standing = standings([review(), review(verdict="edit", after=EDITED)])[ITEM.id]
    assert standing.after == EDITED


def test_a_review_of_an_older_text_does_not_count() -> None:
    seen = review(source=source_of(SECTION))
    assert stands(seen, sections=(SECTION,)) == "accept"
    assert stands(seen, sections=(replace(SECTION, text="128 bytes deep."),)) is None
    assert stands(seen) == "accept"


def test_the_same_words_are_one_item_whoever_wrote_them() -> None:
    assert replace(ITEM, method="token", category="").id == ITEM.id
    assert replace(ITEM, section="uart.md#Clock").id != ITEM.id
