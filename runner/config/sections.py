"""A corpus in, its sections, exam and labels out.

They are read once, and kept in the store.
"""

import logging
from collections import Counter
from dataclasses import replace
from pathlib import Path

from runner.component import Stateful, full_name, identity
from runner.config.contracts import returned
from runner.corpus import Corpus
from runner.data.records import Material, digest, read, write
from runner.errors import Fault
from runner.store import Store

STAGE = "sections"
FILE = "material.jsonl"
NOTES = "notes.jsonl"  # a file of their own: notes are in no hash, so not in the JSON of the material either

log = logging.getLogger("runner")

# The corpora that this process has read, by the digest of their identity: the runs of a sweep share one.
_read: dict[str, Material] = {}


def read_corpus(corpus: Corpus, store: Store) -> Material:
    """Read a corpus, or find what was read before.

    Nothing is written. Raise a Fault if the corpus can't be used.
    """
    # Only its `state()` shows that files changed. A corpus without one is read again.
    if not isinstance(corpus, Stateful):
        return _checked(corpus)
    inputs = [identity(corpus)]
    key = digest(inputs)
    if key not in _read:
        kept = store.find(STAGE, inputs, _stored)
        _read[key] = _stored(kept.folder) if kept else _checked(corpus)
        for note in _read[key].notes:
            log.warning("%s: %s", corpus.name, note)
    return _read[key]


def keep_corpus(corpus: Corpus, store: Store) -> None:
    """Keep what was read, for other processes."""
    if not isinstance(corpus, Stateful):
        return

    def make(folder: Path) -> None:
        material = read_corpus(corpus, store)
        write(folder / FILE, [material])
        write(folder / NOTES, material.notes)

    store.keep(STAGE, [identity(corpus)], make, _stored)


def _stored(folder: Path) -> Material:
    (material,) = read(folder / FILE, Material)
    return replace(material, notes=read(folder / NOTES, str))


def _checked(corpus: Corpus) -> Material:
    """Read a corpus; refuse what no exam can be made of."""
    material: Material = returned(corpus, "read", corpus.read(), Material)
    # Answers and grades are joined by the id of their question.
    counts = Counter(question.id for question in material.questions)
    if repeated := [name for name, count in counts.items() if count > 1]:
        example = f"such as {repeated[0]!r}. Expected an id of its own for each"
        raise Fault(f"{full_name(corpus)}.read gave {len(repeated)} ids to several questions, {example}")
    return material
