"""Stages of a small study damaged one by one: damages in, what became of each printed.

    python bench/damage.py --damages 200

A file of a stage (its manifest too) or of the reply cache is cut, emptied, changed in one byte or removed. Then the study is
tracked anew from the store. A damage that nothing tells, an error, or results other than those of the undamaged store end it with
an AssertionError.
"""

import argparse
import logging
import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from runner.config import sections
from runner.model.smollm2 import SmolLM2
from runner.pipeline.experiment import experiment
from runner.pipeline.store_executor import StoreExecutor
from runner.tracker.mlflow import MLflow
from tests import given

STAGES = ("sections", "labels", "tunings", "answers", "grades", "perplexities", "replies")
TABLES = ("answers", "labels", "facts", "retention")
ROUND = 4  # damages at a time, each to another stage


def flipped(content: bytes, chance: random.Random) -> bytes:
    """Change one bit."""
    # Of a kept reply, one of the reply itself: nothing reads the request beside it.
    begin, end = content.find(b'"reply": '), content.find(b', "sha256": "')
    place = chance.randrange(begin + 9, end) if begin > 0 else chance.randrange(len(content))
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


DAMAGES: Mapping[str, Callable[[bytes, random.Random], bytes | None]] = {
    "cut": lambda content, chance: content[: chance.randrange(1, len(content))],
    "emptied": lambda content, chance: b"",
    "changed": flipped,
    "missing": lambda content, chance: None,
}


class Lines(logging.Handler):
    """The log lines about damage."""

    def __init__(self) -> None:
        """Begin with none."""
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line about damage."""
        if " is damaged (" in record.getMessage():
            self.lines.append(record.getMessage())


def results(folder: Path, blank: Path, overrides: list[str]) -> object:
    """Track the study into a new tracking store; return all that it found."""
    tracking = Path(tempfile.mkdtemp(dir=folder)) / "mlflow.db"
    shutil.copy(blank, tracking)
    sections._read.clear()  # what this process has read
    study = given.study(*overrides, f"tracker.uri=sqlite:///{tracking}")
    study.keep_material()
    experiment(study, StoreExecutor(study))
    tracker = MLflow(uri=f"sqlite:///{tracking}")
    rows = [tracker.find(study.corpus.name, study.key(arm)) for arm in study.arms]
    # Seconds, and tokens a second, differ each time.
    return [
        (
            {name: value for name, value in row.metrics.items() if "second" not in name},
            [tracker.rows(row.id, name) for name in TABLES],
        )
        for row in rows
        if row
    ]


def main() -> None:
    """Damage, check, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--damages", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    options, began = parser.parse_args(), time.monotonic()
    chance, lines, tally = random.Random(options.seed), Lines(), Counter[tuple[str, str]]()
    logging.getLogger("runner").addHandler(lines)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        given.narrow_model(SmolLM2(folder=str(Path.home() / ".cache" / "experiment-runner" / "models")), folder / "model")
        MLflow(uri=f"sqlite:///{folder}/blank.db").check("made")
        small = ["corpus.documents=[cricket-world-cup-2023]", "corpus.sections=1", "size=1x", "tuner.epochs=1", "reply_tokens=6"]
        overrides = ["model=huggingface", f"model.id={folder}/model", f"store={folder}/store", "retriever=lexical", *small]
        expected = results(folder, folder / "blank.db", overrides)
        while tally.total() < options.damages:
            stages = chance.sample(STAGES, min(ROUND, options.damages - tally.total()))
            lines.lines.clear()
            damaged = [damage(folder / "store" / stage, chance) for stage in stages]
            if "replies" in stages:  # a reply is read only where the labels are made
                shutil.rmtree(folder / "store" / "labels")
                damaged = [(kind, place) for kind, place in damaged if place.parent.name != "labels"]
            found = results(folder, folder / "blank.db", overrides)
            for kind, place in damaged:
                stage = place.relative_to(folder / "store").parts[0]
                tally[stage, kind] += 1
                # A stage is named by its folder. A missing reply is as one that was never kept.
                told = any(str(place) in line for line in lines.lines)
                assert told or (stage, kind) == ("replies", "missing"), f"{place} was {kind}, and nothing told it: {lines.lines}"
            assert found == expected, f"other results after {damaged}"
    for stage in STAGES:
        print(f"{stage:13}", *(f"{tally[stage, kind]:3} {kind}" for kind in DAMAGES))
    print(f"{tally.total()} damages; each was told and made again, and all results were those of the undamaged store")
    print(f"{time.monotonic() - began:.0f} s")


def damage(part: Path, chance: random.Random) -> tuple[str, Path]:
    """Damage a file of a part of the store; return how, and the stage's folder or the reply's file."""
    files = sorted(path for path in part.rglob("*") if path.is_file() and path.stat().st_size)
    path, kind = chance.choice(files), chance.choice(sorted(DAMAGES))
    content = DAMAGES[kind](path.read_bytes(), chance)
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    return kind, path if part.name == "replies" else part / path.relative_to(part).parts[0]


if __name__ == "__main__":
    main()
