"""Doubts are found once for the same items, sections and rules."""

from dataclasses import replace
from pathlib import Path

import pytest

from runner.review_page import kept_doubts
from runner.review_page.doubts import doubts_of
from runner.review_page.kept_doubts import most_doubtful_first
from runner.store.local import LocalStore
from tests.review_page.given import FIFO, candidate

PLAIN, WRONG = candidate(1, question="Which depth?"), candidate(2, answer="128 bytes")


def test_a_second_start_finds_the_same_doubts_without_looking_for_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = most_doubtful_first([PLAIN, WRONG], {FIFO.id: FIFO}, LocalStore(tmp_path))
    assert [[doubt.kind for doubt in each.doubts] for each in first] == [["not supported"], []]
    monkeypatch.setattr(kept_doubts, "doubts_of", None)
    # Who wrote an item and which fact it is about decide no doubt.
    renamed = [replace(PLAIN, origin="people"), replace(WRONG, fact="64 bytes")]
    again = most_doubtful_first(renamed, {FIFO.id: FIFO}, LocalStore(tmp_path))
    assert [(each.item, each.doubts) for each in again] == [(each.item, each.doubts) for each in first]
    assert [each.origin for each in again] == ["teacher", "people"]


def test_what_decides_doubts_is_looked_at_again_when_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, sections, answered = LocalStore(tmp_path), {FIFO.id: FIFO}, replace(candidate(kind="answer"), match="fail")
    passed = replace(answered, grades=(("base", "pass"),))
    longer = {FIFO.id: replace(FIFO, text=f"{FIFO.text} It had 128 bytes.")}
    for items, known in (
        ([WRONG], sections),
        ([WRONG], longer),
        ([WRONG], {}),
        ([replace(WRONG, asked_again=True)], sections),
        ([answered], sections),
        ([passed], sections),
        ([replace(passed, match="pass")], sections),
        ([PLAIN, replace(PLAIN, item=replace(PLAIN.item, question="Which depth"))], sections),
        ([replace(PLAIN, item=replace(PLAIN.item, question="Which depth")), PLAIN], sections),
    ):
        kept = {each.item.id: list(each.doubts) for each in most_doubtful_first(items, known, store)}
        assert kept == {**doubts_of(items, known)}
    monkeypatch.setattr(kept_doubts, "rules", lambda: ["another threshold"])
    monkeypatch.setattr(kept_doubts, "doubts_of", lambda items, known: {items[0].item.id: []})
    assert not most_doubtful_first([WRONG], sections, store)[0].doubts
