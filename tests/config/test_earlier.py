"""The setting `start` names a run, a key or a folder, and finds the checkpoint with what it was taught."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from runner.component import identity
from runner.config.earlier import CHECKPOINTS, FILE, TAUGHT, Earlier, earlier
from runner.config.study import Study
from runner.data.records import Label, Labelling, Material, chat, write
from runner.data.taught import Taught, section_digests
from runner.errors import Fault
from tests import given
from tests.given import label, section

FINAL, HOST = section("Ada won.", heading="Final"), section("It was held in Bergen.", heading="Host")
LABELS = (label("Who?", section=FINAL.id), label("Where?", answer="Bergen.", section=HOST.id))
TODAY = Material(sections=(FINAL, section("It was held in Oslo.", heading="Host")), questions=(), labels=LABELS)
Find = Callable[..., Earlier]


@pytest.fixture
def study(tmp_path: Path, tracking_uri: str, student: list[str]) -> Study:
    """A study with a store and a tracker of its own."""
    return given.study(*student, f"store={tmp_path}/store", f"tracker.uri={tracking_uri}")


@pytest.fixture
def find(study: Study) -> Find:
    """Find what a start names, in the study's store."""
    return lambda start: earlier(start, study.model, study.store, study.tracker, TODAY)


def nothing(folder: Path) -> Path:
    """Read nothing of a stage."""
    return folder


def trained(study: Study, **other: str) -> str:
    """Keep a training on the labels, as a store has it; return its key."""
    examples = [(chat(each.question, "", 5), each.answer) for each in LABELS]
    inputs = [{"class": "tuner"}, {**identity(study.model), **other}, examples, 0]
    return study.store.keep("tunings", inputs, lambda folder: write(folder / "tuning.jsonl", []), nothing).key


def remembered(study: Study, key: str, labels: tuple[Label, ...] = LABELS) -> str:
    """Keep what a training taught."""
    taught = Taught(trainings=(key,), sections=section_digests([FINAL, HOST]), labels=labels)
    study.store.keep(TAUGHT, [key], lambda folder: write(folder / FILE, [taught]), nothing)
    return key


def test_a_checkpoint_is_named_by_its_run_the_runs_key_its_own_key_or_a_folder(study: Study, find: Find, tmp_path: Path) -> None:
    key = remembered(study, trained(study))
    with study.tracker.run("corpus", "0123456789abcdef", "fact 5x", {"runner.kind": "arm"}) as run:
        run.tag(CHECKPOINTS, key)
    exported = tmp_path / "exported"
    exported.mkdir()
    (exported / "tuning.json").write_text(json.dumps({"tuning": key, "of": "student"}), encoding="utf-8")
    folder = tmp_path / "store" / "tunings" / key
    for start in (key, run.id, run.id[:12], "0123456789abcdef", str(folder), str(exported)):
        assert find(start).key == key
    assert str(folder) in str(find(key).model)


def test_only_changed_and_new_sections_are_left_to_label_with_labels_of_people_that_are_new(study: Study, find: Find) -> None:
    found = find(remembered(study, trained(study), LABELS[:1]))
    assert found.labels == LABELS[:1]
    assert (found.to_label.sections, found.to_label.labels) == (TODAY.sections[1:], LABELS[1:])
    assert found.to_label.whole == TODAY.sections


@pytest.mark.parametrize(
    ("tag", "fault"),
    [("abc def", "has 2 trainings. Choose one, such as start=abc"), ("", "names no checkpoint. It tuned nothing")],
)
def test_a_run_of_several_trainings_or_of_none_is_refused_by_name(study: Study, find: Find, tag: str, fault: str) -> None:
    with study.tracker.run("corpus", "0123456789abcdef", "fact 5x", {"runner.kind": "arm"}) as run:
        run.tag(CHECKPOINTS, tag)
    with pytest.raises(Fault) as caught:
        find(run.id)
    assert f"the run 'fact 5x' {fault}" in str(caught.value)


def test_an_unknown_start_is_refused_with_what_is_expected(find: Find) -> None:
    with pytest.raises(Fault, match="start=nowhere: the store holds no tuned weights of this name"):
        find("nowhere")


def test_a_checkpoint_of_another_base_model_is_refused_with_the_difference(study: Study, find: Find) -> None:
    key = remembered(study, trained(study, id="large"))
    with pytest.raises(Fault, match=r"tuned from another base model.*id was 'large', is '.*student'"):
        find(key)


def test_what_an_older_store_taught_is_worked_out_from_its_labels(study: Study, find: Find) -> None:
    key = trained(study)
    with pytest.raises(Fault, match="not known which sections"):
        find(key)
    inputs = [{"class": "method"}, None, 1, [FINAL, HOST], (), ""]
    study.store.keep("labels", inputs, lambda folder: write(folder / "labelling.jsonl", [Labelling(labels=LABELS)]), nothing)
    found = find(key)
    assert (found.labels, found.changes.relabelled) == (LABELS[:1], TODAY.sections[1:])


def test_of_all_that_was_taught_only_what_the_checkpoint_learned_is_read(study: Study, find: Find) -> None:
    study.store.keep(TAUGHT, ["another"], lambda folder: (folder / FILE).write_text("not to be read"), nothing)
    assert find(remembered(study, trained(study))).taught.labels == LABELS
