"""A corpus in, its sections, exam and labels out.

They are read once, and kept in the store.
"""

import logging
from collections import Counter
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

from runner.component import Stateful, full_name, identity
from runner.config.contracts import returned
from runner.corpus import Corpus
from runner.corpus.many_files import kept_in
from runner.data.records import Material, digest, read, write
from runner.errors import Fault
from runner.store import Store
from runner.store.readings import KeptReadings

STAGE = "sections"
FILE = "material.jsonl"
# Files of their own: notes and remarks are in no hash, so not in the JSON of the material either.
NOTES, REMARKS = "notes.jsonl", "remarks.jsonl"

ATTEMPTS = 3  # to read a corpus that is edited meanwhile

log = logging.getLogger("runner")

# The corpora that this process has read, by the digest of their identity: the runs of a sweep share one.
_read: dict[str, Material] = {}


def read_corpus(corpus: Corpus, store: Store) -> Material:
    """Read a corpus, or find what was read before.

    Nothing is written but readings of files. Raise a Fault if the corpus can't be used.
    """
    with readings_in(store):
        # Only its `state()` shows that files changed. A corpus without one is read again.
        return _read_as_it_is(corpus, store)[1] if isinstance(corpus, Stateful) else _checked(corpus)


def readings_in(store: Store) -> AbstractContextManager[None]:
    """Let a corpus keep what it reads in a store."""
    # A refused command and a preview keep readings too: they may take minutes, decide nothing, and are found by all that decides
    # them.
    return kept_in(KeptReadings(store.readings))


def keep_corpus(corpus: Corpus, store: Store) -> None:
    """Keep what was read, for other processes."""
    if not isinstance(corpus, Stateful):
        return

    with readings_in(store):
        inputs, material = _read_as_it_is(corpus, store)

    def make(folder: Path) -> None:
        write(folder / FILE, [material])
        write(folder / NOTES, material.notes)
        write(folder / REMARKS, material.remarks)

    store.keep(STAGE, inputs, make, _stored)


def _read_as_it_is(corpus: Corpus, store: Store) -> tuple[list[Any], Material]:
    """Return a corpus's identity with what it describes."""
    for _ in range(ATTEMPTS):
        inputs = [identity(corpus)]
        key = digest(inputs)
        if key in _read:
            return inputs, _read[key]
        kept = store.find(STAGE, inputs, _stored)
        material = _stored(kept.folder) if kept else _checked(corpus)
        # Reading may take minutes. What was edited meanwhile must not be kept under the hash of what was there before.
        if kept or [identity(corpus)] == inputs:
            _read[key] = material
            for note in material.notes:
                log.warning("%s: %s", corpus.name, note)
            return inputs, material
    raise Fault(f"{corpus.name}: its files were changed each time while they were read. Try again when nothing writes them")


def _stored(folder: Path) -> Material:
    (material,) = read(folder / FILE, Material)
    return replace(material, notes=read(folder / NOTES, str), remarks=read(folder / REMARKS, tuple[str, str]))


def _checked(corpus: Corpus) -> Material:
    """Read a corpus; refuse what no exam can be made of."""
    material: Material = returned(corpus, "read", corpus.read(), Material)
    # Answers and grades are joined by the id of their question.
    counts = Counter(question.id for question in material.questions)
    if repeated := [name for name, count in counts.items() if count > 1]:
        example = f"such as {repeated[0]!r}. Expected an id of its own for each"
        raise Fault(f"{full_name(corpus)}.read gave {len(repeated)} ids to several questions, {example}")
    return material
