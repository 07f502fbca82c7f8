"""A tuned model in, a folder for plain transformers out."""

import json
import logging
import shutil
import uuid
from pathlib import Path

from runner.config.study import Study
from runner.errors import Fault
from runner.model import LocalWeights
from runner.pipeline.answer import untuned
from runner.pipeline.labels import label
from runner.pipeline.store_executor import StoreExecutor
from runner.pipeline.subset import draw
from runner.pipeline.training import train

log = logging.getLogger("runner")

ORIGIN = "tuning.json"  # beside the weights: the key of their training in the store


def check_export(study: Study, folder: Path) -> None:
    """Raise a Fault if the model can't be exported."""
    if not isinstance(study.model, LocalWeights):
        raise Fault(f"export={folder}: the weights of {study.model.name} stay with its host, there is nothing to export")
    # An earlier export may lie there. Whether it is this very model is known once its training is.
    ours = study.settings.seeds > 1 or (folder / ORIGIN).exists()
    if folder.is_file() or (_holds(folder) and not ours):
        raise Fault(f"export={folder}: something is there already. Name a folder that is empty or that there is not")


def export(study: Study, folder: Path) -> None:
    """Write the tuned model into `folder`, with adapters merged.

    With several seeds, each goes into folder/seed-N.
    """
    # The pipeline's own stages: all of them are kept by now, so nothing is trained again.
    executor = StoreExecutor(study)
    subset = draw(study, label(study, executor))
    for seed in study.settings.training_seeds:
        tuned = train(study, executor, untuned(study), subset, seed)
        model = tuned.value.model
        assert isinstance(model, LocalWeights)  # by check_export
        _write(model, study.model.name, tuned.key, folder / f"seed-{seed}" if study.settings.seeds > 1 else folder)


def _holds(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def _write(model: LocalWeights, name: str, key: str, folder: Path) -> None:
    if (folder / ORIGIN).exists() and json.loads((folder / ORIGIN).read_text(encoding="utf-8"))["tuning"] == key:
        return
    if _holds(folder):
        raise Fault(f"export={folder}: another model is there already. Name another folder, or remove it")
    # A draft beside the folder, and a rename: a half written model is never taken for a complete one.
    draft = folder.with_name(f".{folder.name}-{uuid.uuid4().hex}")
    try:
        draft.mkdir(parents=True)
        model.save(draft)
        (draft / ORIGIN).write_text(json.dumps({"tuning": key, "of": name}), encoding="utf-8")
        if folder.exists():  # empty, and a rename needs a free name on some file systems
            folder.rmdir()
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    log.info("exported to %s; runner-serve %s serves it", folder, folder)
