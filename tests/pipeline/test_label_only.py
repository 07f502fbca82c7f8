"""Labels are made, tracked and shown without a student and without an exam."""

from dataclasses import replace
from pathlib import Path

import pytest

from runner.config.study import Study
from runner.data.records import Ledger
from runner.filter.length import Length
from runner.pipeline.label_only import label_only, labelled, summary
from runner.pipeline.store_executor import StoreExecutor
from runner.tracker.mlflow import MLflow
from tests import given
from tests.pipeline.given import LABELS, ListedLabels

LONG = given.label("", answer="word " * 100, around="What is said?", section="")


@pytest.fixture
def alone(study: Study, tracking_uri: str) -> Study:
    """A study of labels alone, whose student could not be loaded."""
    settings = study.settings.model_copy(update={"task": "label"})
    return replace(study, settings=settings, method=ListedLabels(labels=(*LABELS, LONG)), tracker=MLflow(uri=tracking_uri))


def test_labels_and_ledgers_are_tracked_and_the_same_command_labels_once(alone: Study, tracking_uri: str) -> None:
    run, again = label_only(alone), label_only(alone)
    assert run == again
    assert alone.method.calls == 1
    (tracked,) = MLflow(uri=tracking_uri).history()
    assert (tracked.name, tracked.tags["runner.kind"], tracked.parameters["labels"]) == (
        "labels: fact 5x",
        "labels",
        "11",
    )
    assert [row["question"] for row in alone.tracker.rows(run, "labels")][:2] == ["What is pin 0?", "What is pin 1?"]
    assert '"stage": "leaks"' in alone.tracker.said(run, "ledger.json")


def test_what_was_dropped_is_kept_apart_for_each_filter_and_shown(alone: Study) -> None:
    filtered = replace(alone, filter={"length": Length(shortest=1, longest=50)})
    unfiltered = replace(alone, method=ListedLabels(labels=LABELS))
    both = label_only(unfiltered), label_only(filtered)
    assert len(set(both)) == 2
    assert [row["reason"] for row in alone.tracker.rows(both[1], "dropped_labels")] == ["answer too long"]
    *_, count, first = summary(filtered)
    assert count == "  dropped: 1 label, in dropped_labels.json among the run's artifacts"
    assert first.startswith("  - length: 'word word")
    assert first.endswith(": answer too long (100 words, at most 50)")


def test_labels_that_the_exam_asks_are_left_out_where_there_is_an_exam(alone: Study) -> None:
    leak = given.label(alone.material.questions[0].question)
    made = labelled(replace(alone, method=ListedLabels(labels=(leak, LONG))), StoreExecutor(alone))
    assert made.labels == (LONG,)
    assert made.labelling.value.ledgers == (Ledger(stage="leaks", requested=2, kept=1, filtered={"asked in the exam": 1}),)


def test_without_an_exam_there_are_labels_all_the_same(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.config.exams._untested", [])  # a process tells it once
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "cup.md").write_text("# The Cup\n\nAda won the cup.\n")
    study = given.study(
        "corpus=folder", f"corpus.path={tmp_path}", f"store={tmp_path}/store", "method=passage", "size=1x", "task=label"
    )
    assert [label.answer for label in labelled(study, StoreExecutor(study)).labels] == ["The Cup: The Cup\n\nAda won the cup."]
    assert "no label is compared with an exam: the corpus has no exam question" in caplog.text


def test_a_size_that_takes_some_of_the_labels_says_of_how_many(alone: Study) -> None:
    few = replace(alone, size=given.study("size=count", "size.labels=4").size)
    assert summary(few)[0].startswith(f"{few.title('tuned')}: 4 labels of the 11 that were kept, with ")


def test_the_summary_holds_counts_ledgers_and_some_labels(alone: Study) -> None:
    lines = summary(alone)
    tokens = sum(label.tokens for label in (*LABELS, LONG))
    assert lines[0] == f"fact 5x: 11 labels with {tokens} tokens (words and punctuation marks)"
    assert "  by category: cup 11" in lines
    assert "  leaks: 11 requested, 11 kept" in lines
    assert lines[-6:] == [
        "  - cup.md#Final",
        "    Q: What is pin 6?",
        "    A: Pin 6.",
        "  - cup.md#Final",
        "    Q: What is pin 8?",
        "    A: Pin 8.",
    ]


def test_a_long_text_is_shown_by_its_beginning(alone: Study) -> None:
    lines = summary(replace(alone, method=ListedLabels(labels=(LONG,))))
    assert lines[-3:-1] == ["  - cup", "    Q: What is said?"]
    assert lines[-1].startswith("    text: word word")
    assert lines[-1].endswith("...")
    assert len(lines[-1]) < 320
