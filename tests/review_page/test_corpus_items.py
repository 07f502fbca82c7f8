"""The items of a corpus: people's labels, recorded ones, and exam questions."""

from collections import Counter
from pathlib import Path

import pytest

from runner.errors import Fault
from runner.review_page.corpus_items import corpus_items


def test_recorded_labels_of_each_method_and_exam_questions_are_items(tmp_path: Path) -> None:
    gathered = corpus_items(["corpus=quick", "method=fact,token", "size=1x", f"store={tmp_path}"])
    kinds = Counter((each.item.kind, each.item.method) for each in gathered.candidates)
    assert {("label", "fact"), ("label", "token"), ("question", "")} <= kinds.keys()
    assert {each.item.section for each in gathered.candidates} <= {*gathered.sections, ""}


def test_labels_that_are_not_made_are_told_with_the_command_that_makes_them(tmp_path: Path) -> None:
    words = ["corpus=quick", "method=fact", "model@teacher=openai", "teacher.id=gpt-4.1-mini-2025-04-14", f"store={tmp_path}"]
    with pytest.raises(Fault, match=r"run\.py task=label method=fact"):
        corpus_items(words)


def test_a_corpus_without_items_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cup.md").write_text("# The Cup\n\nAda won.\n")
    with pytest.raises(Fault, match="neither a label nor an exam question"):
        corpus_items(["corpus=folder", f"corpus.path={tmp_path}", f"store={tmp_path}/store"])
