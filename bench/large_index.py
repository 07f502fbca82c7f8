"""Seconds and memory of an index of many passages: retriever=hybrid beside retriever=lancedb, in turns.

Texts and embeddings are random, since real embeddings would take nearly all of the time. Each measurement has its own process.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from runner.data.records import Section

QUESTIONS = 64
WORDS = 20_000  # different ones, the first ones far more often
DIMENSIONS = 384


def texts(count: int, words: int, random: np.random.Generator) -> list[str]:
    """Make texts whose words are distributed as in a language."""
    shares = 1 / np.arange(1, WORDS + 1)
    rows = random.choice(WORDS, (count, words), p=shares / shares.sum())
    return [" ".join(f"word{number}" for number in row) for row in rows]


def embed(found: Sequence[str], encoder: Any) -> np.ndarray[Any, Any]:
    """Return random vectors of unit length."""
    vectors = np.random.default_rng(len(found)).standard_normal((len(found), DIMENSIONS), dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def peak() -> int:
    """Return the most memory so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def measure(name: str, count: int) -> None:
    """Print the numbers of one retriever."""
    from runner.embedding.minilm import encoder
    from runner.retriever import index, lancedb
    from runner.retriever.hybrid import Hybrid

    index.embed = lancedb.embed = embed
    random = np.random.default_rng(0)
    sections = [
        Section(id=f"doc.md#{place}", document="doc.md", title="Doc", heading=f"{place}", category="doc", text=text)
        for place, text in enumerate(texts(count, 30, random))
    ]
    asked = texts(QUESTIONS, 8, random)
    retriever = {"hybrid": Hybrid, "lancedb": lancedb.LanceDB}[name](passages=1, sentences=0)
    encoder()
    with tempfile.TemporaryDirectory() as folder:
        before, began = peak(), time.monotonic()
        retriever.index(sections, Path(folder))
        indexed, after = time.monotonic() - began, peak()
        disk = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        began = time.monotonic()
        found = retriever.search(asked, Path(folder), 10)
        searched = 1000 * (time.monotonic() - began) / QUESTIONS
        assert retriever.search(asked, Path(folder), 10) == found
    print(
        f"{count:>8} {name:8} index {indexed:7.1f} s, +{after - before} MB, {disk / 1e6:.0f} MB on disk; "
        f"search {searched:6.1f} ms a question, +{peak() - before} MB",
        flush=True,
    )


def main() -> None:
    """Measure each size and retriever."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", default="2000,20000")
    parser.add_argument("--only", choices=["hybrid", "lancedb"], help="one retriever, within this process")
    chosen = parser.parse_args()
    for count in map(int, chosen.passages.split(",")):
        for name in [chosen.only] if chosen.only else ("hybrid", "lancedb", "hybrid", "lancedb"):
            if chosen.only:
                measure(name, count)
            else:
                subprocess.run([sys.executable, __file__, "--only", name, "--passages", str(count)], check=True)


if __name__ == "__main__":
    main()
