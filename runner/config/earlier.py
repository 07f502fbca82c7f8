"""The setting `start` in, the earlier checkpoint out."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from runner.component import identity
from runner.data.own_folders import WEIGHTS
from runner.data.records import Label, Labelling, Material, canonical, read
from runner.data.taught import Changes, Taught, Unlabelled, changes, named_today, section_digest, still_true
from runner.errors import Fault
from runner.model import Model, Tunable
from runner.store import Kept, Store
from runner.store.garbage import WEIGHT_STAGES
from runner.tracker import TrackedRun, Tracker

TAUGHT, FILE = "taught", "taught.jsonl"  # the stage, and its file
CHECKPOINTS = "runner.checkpoints"  # the tag of a tuned arm: the keys of its checkpoints in the store
SHORTEST = 6  # characters of the beginning of an id


@dataclass(frozen=True)
class Earlier:
    """An earlier checkpoint, and the documents of today."""

    model: Model  # as it is asked
    taught: Taught
    material: Material  # of today
    folder: Path  # of its weights: an adapter, or whole ones

    @property
    def key(self) -> str:
        """Return the key among checkpoints of the same base model."""
        return "+".join(self.taught.trainings)

    @cached_property
    def changes(self) -> Changes:
        """Return what became of the sections since."""
        return changes(self.taught.sections, self.material.sections)

    @cached_property
    def labels(self) -> tuple[Label, ...]:
        """Return the earlier labels that are still true."""
        return still_true(self.taught, self.material.sections)

    def named_today(self, labels: Sequence[Label]) -> tuple[Label, ...]:
        """Give the sections of earlier labels today's names."""
        return named_today(labels, self.taught.sections, self.material.sections)

    @cached_property
    def to_label(self) -> Unlabelled:
        """Return changed and new sections, with people's labels on them."""
        sections, material = self.changes.relabelled, self.material
        ids, known = {section.id for section in sections}, {(label.question, label.answer) for label in self.taught.labels}
        written = [label for label in material.labels if label.section in ids or (label.question, label.answer) not in known]
        return Unlabelled(
            sections=sections,
            questions=material.questions,
            labels=tuple(written),
            purpose=material.purpose,
            facts=tuple(fact for fact in material.facts if fact.section in ids),
            whole=material.sections,
        )


def earlier(start: str, model: Tunable, store: Store, tracker: Tracker, material: Material) -> Earlier:
    """Find the checkpoint that `start` names.

    It is a run's id or key, a checkpoint's key, or its folder. Raise a Fault if there is none, or if it has another base model.
    """
    key = _checkpoint_key(start, tracker)
    weights = _weights(store, key)
    if not weights:
        raise Fault(
            f"start={start}: the store holds no tuned weights of this name. Expected the id or key of a tuned run, or the key or "
            "folder of its checkpoint, tuned with the same store (store=PATH)"
        )
    inputs, kept = weights
    taught = _taught(store, key, inputs)
    if taught is None:
        raise Fault(
            f"start={start}: it is not known which sections this checkpoint was trained on, since an earlier version of the "
            "program made it. Train it again with this one: its command with another training_seed"
        )
    # A later training has the base model of the first one.
    first = _weights(store, taught.trainings[0])
    _check_base(start, (first or weights)[0], model)
    return Earlier(model=model.tuned_in(kept.folder), taught=taught, material=material, folder=kept.folder)


def _weights(store: Store, key: str) -> tuple[Any, Kept] | None:
    """Return inputs and folder of a training by its key."""
    for stage in WEIGHT_STAGES:
        for inputs, kept in store.finished(stage, lambda folder: folder):
            if kept.key == key:
                # A store elsewhere lists a training without its weights.
                return inputs, store.find(stage, inputs, lambda folder: folder) or kept
    return None


def _checkpoint_key(start: str, tracker: Tracker) -> str:
    """Return the key of the checkpoint in the store."""
    folder = Path(start).expanduser()
    if (folder / WEIGHTS).is_file():  # an exported model
        return str(json.loads((folder / WEIGHTS).read_text(encoding="utf-8")).get("tuning", ""))
    if folder.is_dir():
        return folder.resolve().name
    runs = [run for run in tracker.history() if len(start) >= SHORTEST and _is_named(run, start)]
    if not runs:
        return start
    if len(runs) > 1:
        several = ", ".join(f"{run.id} ({run.name})" for run in runs[:5])
        raise Fault(f"start={start}: {len(runs)} runs begin so: {several}. Write more of the id")
    keys = runs[0].tags.get(CHECKPOINTS, "").split()
    if not keys:
        raise Fault(
            f"start={start}: the run {runs[0].name!r} names no checkpoint. It tuned nothing, is not finished, or an earlier "
            "version of the program made it. Expected a finished tuned run, or the key or folder of a checkpoint"
        )
    if len(keys) > 1:
        raise Fault(f"start={start}: the run {runs[0].name!r} has {len(keys)} trainings. Choose one, such as start={keys[0]}")
    return keys[0]


def _is_named(run: TrackedRun, start: str) -> bool:
    arm = run.tags.get("runner.kind") == "arm"
    return arm and (run.id.startswith(start) or run.tags.get("runner.key", "").startswith(start))


def _taught(store: Store, key: str, inputs: Any) -> Taught | None:
    """Return what a checkpoint was taught, if that is known."""
    # The stage was made of the keys of the trainings, so that no other file is read.
    for (trainings,), kept in store.finished(TAUGHT, _stored):
        if str(trainings).split("+")[-1] == key:
            return _stored(kept.folder)
    return _taught_before(store, key, inputs)


def _taught_before(store: Store, key: str, inputs: Any) -> Taught | None:
    """Work out what an older store taught a checkpoint.

    Its labels are those of a kept labelling that holds all of its examples.
    """
    examples = inputs[2] if len(inputs) > 2 and isinstance(inputs[2], list) else []
    pairs = {(_asked(prompt), reply) for prompt, reply in examples}
    for labelled, kept in store.finished("labels", _labelling):
        labels = tuple(label for label in _labelling(kept.folder).labels if (label.question, label.answer) in pairs)
        if pairs and len({(label.question, label.answer) for label in labels}) == len(pairs):
            sections = {each["id"]: section_digest(each["heading"], each["text"]) for each in labelled[3]}
            return Taught(trainings=(key,), sections=sections, labels=labels)
    return None


def _check_base(start: str, inputs: Sequence[Any], model: Tunable) -> None:
    """Refuse a checkpoint of another base model."""
    former: Mapping[str, Any] = inputs[1]
    today: Mapping[str, Any] = json.loads(canonical(identity(model)))
    others = [name for name in {**former, **today} if former.get(name) != today.get(name)]
    if others:
        different = "; ".join(f"{name} was {former.get(name)!r}, is {today.get(name)!r}" for name in others)
        raise Fault(
            f"start={start}: it was tuned from another base model. A training goes on with the same weights, tokenizer and chat "
            f"template. Different are: {different}. Choose that model (model=...), or another start"
        )


def _asked(prompt: Mapping[str, Any]) -> str:
    turns = prompt["messages"]
    return str(turns[-1]["content"]) if turns else ""


def _stored(folder: Path) -> Taught:
    return read(folder / FILE, Taught)[0]


def _labelling(folder: Path) -> Labelling:
    return read(folder / "labelling.jsonl", Labelling)[0]
