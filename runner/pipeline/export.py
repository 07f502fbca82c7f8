"""A run's tuned model, to a folder that plain transformers load: the adapters merged, safetensors, the tokenizer."""

import json
import logging
import shutil
import uuid
from pathlib import Path
from typing import cast

from runner.config.study import Study
from runner.errors import Fault
from runner.model import Trainable
from runner.pipeline.stages import label, tune

log = logging.getLogger("runner")

TOLD = "tuning.json"  # which tuning of the store it is


def check(study: Study, folder: Path) -> None:
    """Raise a Fault, before any work, where there will be no weights to export, or something else lies in `folder`."""
    if not hasattr(study.model, "load"):
        raise Fault(f"export={folder}: the weights of {study.model.name} stay with its host, there is nothing to export")
    expected = study.seeds > 1 or (folder / TOLD).exists()
    if folder.is_file() or (_holds(folder) and not expected):
        raise Fault(f"export={folder}: something is there already. Name a folder that is empty or that there is not")


def export(study: Study, folder: Path) -> None:
    """Write the model into `folder`, or with several seeds each into folder/seed-N; what is there is not written again."""
    draw = study.size.draw(label(study)[0], study.subset_seed)
    for seed in study.seeds_of_training:
        _, student, kept = tune(study, draw, seed)
        _write(cast(Trainable, student.model), kept.key, folder / f"seed-{seed}" if study.seeds > 1 else folder)


def _holds(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def _write(model: Trainable, key: str, folder: Path) -> None:
    if (folder / TOLD).exists() and json.loads((folder / TOLD).read_text(encoding="utf-8"))["tuning"] == key:
        return
    if _holds(folder):
        raise Fault(f"export={folder}: another model is there already. Name another folder, or remove it")
    draft = folder.with_name(f".{folder.name}-{uuid.uuid4().hex}")
    try:
        draft.mkdir(parents=True)
        model.save(draft)
        (draft / TOLD).write_text(json.dumps({"tuning": key, "of": model.name}), encoding="utf-8")
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    log.info("exported to %s; runner-serve %s serves it", folder, folder)
