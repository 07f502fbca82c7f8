"""The text of a section at the time of a review is kept, and what changed is shown."""

from dataclasses import replace
from pathlib import Path

from runner.data.reviews import source_of
from runner.review_page.shown_sections import ShownSections, changed_words
from tests.review_page.given import FIFO


def test_a_text_is_kept_once_and_compared_by_words(tmp_path: Path) -> None:
    file = tmp_path / "reviewed_sections.jsonl"
    ShownSections(file).keep(FIFO)
    kept = ShownSections(file)
    kept.keep(FIFO)
    assert len(file.read_bytes().splitlines()) == 1
    changes = kept.changes(source_of(FIFO), replace(FIFO, text=FIFO.text.replace("64", "128")))
    assert [(kind, text.strip()) for kind, text in changes if kind != "same"] == [("removed", "64"), ("added", "128")]
    assert kept.changes("unknown", FIFO) == []


def test_half_a_line_costs_no_other_text(tmp_path: Path) -> None:
    file = tmp_path / "reviewed_sections.jsonl"
    file.write_text('{"source": "a')
    ShownSections(file).keep(FIFO)
    assert ShownSections(file).changes(source_of(FIFO), FIFO)


def test_long_parts_that_are_the_same_are_cut() -> None:
    (kind, text), *_ = changed_words("word " * 100 + "old", "word " * 100 + "new")
    assert (kind, "[...]" in text, len(text) < 200) == ("same", True, True)
