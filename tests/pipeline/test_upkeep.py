"""A training goes on from an earlier one: what changed is labelled, some of the rest is trained again."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from runner.config.study import Study
from runner.data.records import Label
from runner.data.reviews import NAME, Review, append_review, label_item
from runner.errors import Fault
from runner.pipeline import experiment
from runner.pipeline.checks import check
from runner.pipeline.labels import label
from runner.pipeline.results import Checkpoint, Output
from runner.pipeline.store_executor import StoreExecutor
from runner.pipeline.subset import draw
from runner.pipeline.upkeep import all_taught, drawn_again
from tests import given
from tests.pipeline.given import NotingTuner

FIRST = {"Final": "Ada", "Host": "Bergen", "Start": "3 May", "Sponsor": "Elm Bank"}
SECOND = {"Final": "Ada", "Host": "Oslo", "Start": "3 May", "Crowd": "9000 people"}  # Host changed, Sponsor withdrawn, Crowd new
Edition = Callable[..., Study]


@pytest.fixture
def edition(tmp_path: Path, tracking_uri: str, student: list[str]) -> Edition:
    """Make a study of people's labels on the facts of an edition; its tuner trains nothing."""

    def make(facts: dict[str, str], *overrides: str, file: str = "cup.md") -> Study:
        folder = tmp_path / "-".join(facts.values())
        (folder / "documents").mkdir(parents=True, exist_ok=True)
        text = "".join(f"\n## {heading}\n\n{answer} is the answer.\n" for heading, answer in facts.items())
        (folder / "documents" / file).write_text(f"# Cup\n{text}", encoding="utf-8")
        rows = [
            {"question": f"What is the {name}?", "answer": answer, "section": f"{file}#{name}"} for name, answer in facts.items()
        ]
        (folder / "labels.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
        (folder / "exam.jsonl").write_text('{"question": "Who was it?", "answer": "Ada"}\n', encoding="utf-8")
        common = ["corpus=folder", f"corpus.path={folder}", "method=human", "size=full", "upkeep.replay=1", "retriever=lexical"]
        places = [f"store={tmp_path}/store", f"tracker.uri={tracking_uri}", *student]
        return replace(given.study(*common, *places, *overrides), tuner=NotingTuner())

    return make


def trained(study: Study) -> Output[Checkpoint]:
    """Label and train, as an experiment does before its exam."""
    executor = StoreExecutor(study)
    labelling = label(study, executor)
    return experiment.trained(study, executor, labelling, draw(study, labelling), 0)


def words(labels: tuple[Label, ...]) -> set[str]:
    """The answers of labels."""
    return {each.answer for each in labels}


def test_changed_and_new_sections_are_labelled_and_labels_that_are_still_true_trained_again(edition: Edition) -> None:
    first = trained(edition(FIRST))
    study = edition(SECOND, f"start={first.key}")
    labelling = label(study, StoreExecutor(study)).value
    assert words(labelling.labels) == {"Oslo", "9000 people"}
    (ledger,) = [each for each in labelling.ledgers if each.stage == "earlier labels"]
    assert (ledger.requested, ledger.kept, ledger.filtered["of a changed or withdrawn section"]) == (4, 2, 2)
    second = trained(study)
    assert isinstance(study.tuner, NotingTuner)
    ((examples, _),) = study.tuner.given
    assert {reply for _, reply in examples} == {"Oslo", "9000 people", "Ada", "3 May"}
    assert second.value.trainings == (first.key, second.key)


def test_the_training_begins_with_the_weights_of_the_earlier_one(edition: Edition) -> None:
    first = trained(edition(FIRST))
    study = edition(SECOND, f"start={first.key}")
    assert study.earlier
    assert study.earlier.model == first.value.model


def test_a_third_edition_goes_on_from_the_second_with_the_labels_of_both(edition: Edition) -> None:
    first = trained(edition(FIRST))
    second = trained(edition(SECOND, f"start={first.key}", "upkeep.replay=0"))
    study = edition({**SECOND, "Final": "Eve"}, f"start={second.key}")
    assert words(label(study, StoreExecutor(study)).value.labels) == {"Eve"}
    assert words(drawn_again(study).labels) == {
        "3 May",
        "Oslo",
        "9000 people",
    }  # not trained in the second training, and known all the same


def test_labels_of_a_document_that_was_moved_are_known_in_the_third_edition_too(edition: Edition) -> None:
    first = trained(edition(FIRST))
    study = edition(SECOND, f"start={first.key}", file="championship.md")
    assert {each.section for each in drawn_again(study).labels} == {"championship.md#Final", "championship.md#Start"}
    second = trained(study)
    third = edition({**SECOND, "Crowd": "8000 people"}, f"start={second.key}", file="championship.md")
    assert words(drawn_again(third).labels) == {"Ada", "3 May", "Oslo"}


def test_a_share_of_the_earlier_labels_is_trained_again_and_a_larger_one_holds_it(edition: Edition) -> None:
    first = trained(edition(FIRST))
    none, half, whole = (edition(SECOND, f"start={first.key}", f"upkeep.replay={share}") for share in (0, 0.5, 1))
    assert [len(drawn_again(study).labels) for study in (none, half, whole)] == [0, 1, 2]
    assert words(drawn_again(half).labels) < words(drawn_again(whole).labels)
    subset = draw(none, label(none, StoreExecutor(none))).value
    assert words(all_taught(none, subset)) == {"Oslo", "9000 people", "Ada", "3 May"}


def test_reviews_and_filters_hold_for_earlier_labels_too(edition: Edition, tmp_path: Path) -> None:
    facts = {"Final": "Ada", "Start": "3 May", "Motto": "one two three four five", "Host": "Oslo"}
    first = trained(edition(facts))
    today = {**facts, "Crowd": "9000 people"}
    ada, start, *_ = (label_item(each) for each in edition(today, f"start={first.key}").earlier.labels)
    file, by = tmp_path / "-".join(today.values()) / NAME, {"who": "Bea", "when": "2026-11-30T10:00:00+00:00"}
    append_review(file, Review(verdict="reject", before=ada, **by))
    append_review(file, Review(verdict="edit", before=start, after=replace(start, answer="4 May"), **by))
    common = [f"start={first.key}", "review=done", "filter=[length]", "filter.length.longest=3"]
    study = edition(today, *common)
    labelling = label(study, StoreExecutor(study)).value
    assert words(draw(study, Output(value=labelling)).value.labels) == {"9000 people", "4 May", "Oslo"}
    (ledger,) = [each for each in labelling.ledgers if each.stage == "earlier labels"]
    left_out = {reason: count for reason, count in ledger.filtered.items() if count}
    assert (ledger.requested, ledger.kept) == (4, 2)
    assert left_out == {"rejected (review=done)": 1, "answer too long (filter=length)": 1}
    assert {(each.answer, each.extra["filter"]) for each in labelling.dropped} == {
        ("Ada", "review=done"),
        ("one two three four five", "length"),
    }
    # What a person wrote is new to the model, so no share of it is drawn.
    assert words(drawn_again(edition(today, *common, "upkeep.replay=0")).labels) == {"4 May"}
    second = trained(study)
    again = edition({**today, "Crowd": "8000"}, f"start={second.key}", "review=done")
    # The edited label and its former words were both taught; the edit is trained once.
    assert sorted(each.answer for each in drawn_again(again).labels).count("4 May") == 1


def test_earlier_labels_like_a_question_of_a_written_exam_are_not_trained_again(edition: Edition) -> None:
    first = trained(edition(FIRST))
    study = edition(SECOND, f"start={first.key}")
    like = (given.question(question="The Final is what?"),)
    vars(study)["exam_set"] = replace(study.exam_set, questions=like, origin="written by a model")
    assert words(drawn_again(study).labels) == {"3 May"}
    assert drawn_again(study).ledgers[-2].filtered == {"asked in the exam": 0, "like an exam question": 1}
    vars(study)["exam_set"] = replace(study.exam_set, origin="")
    assert words(drawn_again(study).labels) == {"Ada", "3 May"}


def test_a_start_and_its_share_change_the_key_of_the_tuned_arm_alone(edition: Edition) -> None:
    first = trained(edition(FIRST))
    plain, start, other = (
        edition(SECOND),
        edition(SECOND, f"start={first.key}"),
        edition(SECOND, f"start={first.key}", "upkeep.replay=0"),
    )
    assert len({study.key("tuned") for study in (plain, start, other)}) == 3
    assert plain.key("base") == start.key("base")


def test_documents_without_a_change_are_refused(edition: Edition) -> None:
    first = trained(edition(FIRST))
    with pytest.raises(
        Fault, match=r"nothing is left to label\. Since that training: 4 sections unchanged, 0 changed, 0 new, 0 withdrawn"
    ):
        check(edition(FIRST, f"start={first.key}"))


def test_an_adapter_is_not_trained_on_whole_weights_that_were_tuned(edition: Edition) -> None:
    start = f"start={trained(edition(FIRST)).value.folder}"
    lora = replace(edition(SECOND, start), tuner=given.study("tuner=lora").tuner)
    with pytest.raises(Fault, match=r"its weights are whole ones, not an adapter, and tuner=lora would .*Choose tuner=full"):
        check(lora)
