"""The labels that were read belong to the shipped corpora, 100 of each at random, and tell errors from right labels."""

import json
from collections import Counter
from pathlib import Path

import pytest

from runner.data.records import Label
from runner.filter.supported import Supported
from tests.given import study

ROWS = [json.loads(line) for line in (Path(__file__).parent / "read_labels.jsonl").read_text(encoding="utf-8").splitlines()]


def test_a_hundred_labels_of_each_corpus_were_drawn_half_of_each_method() -> None:
    drawn = Counter((row["corpus"], row["method"]) for row in ROWS if row["drawn"] == "random")
    assert drawn == {(corpus, method): 50 for corpus in ("sports", "silicon") for method in ("fact", "token")}


def test_each_label_is_there_once_and_a_label_without_support_has_its_error_in_words() -> None:
    assert len({(row["corpus"], row["method"], row["section"], row["question"], row["answer"]) for row in ROWS}) == len(ROWS)
    for row in ROWS:
        assert bool(row["kind"]) == bool(row["error"])
        assert row["supported"] == (row["kind"] not in ("wrong", "unsupported"))


@pytest.mark.parametrize("corpus", ["sports", "silicon"])
def test_supported_drops_the_doubtful_labels_that_were_read_as_not_supported(corpus: str) -> None:
    sections = study(f"corpus={corpus}").material.sections
    rows = [row for row in ROWS if row["corpus"] == corpus]
    assert {row["section"] for row in rows} <= {section.id for section in sections}
    labels = [
        Label(
            question=row["question"],
            answer=row["answer"],
            method=row["method"],
            section=row["section"],
            category="",
            origin="",
            position=0,
        )
        for row in rows
    ]
    dropped = {label.question for label in Supported(share=0.6).apply(labels, sections).dropped}
    doubtful = [row for row in rows if row["drawn"] == "doubtful"]
    assert {row["question"] for row in doubtful if not row["supported"]} <= dropped
    assert len(doubtful) - len([row for row in doubtful if row["question"] in dropped]) == (corpus == "silicon")  # by unique
