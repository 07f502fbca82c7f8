"""Markdown files of a folder read beside `datasets`' own text loader: files/s, peak memory, seconds of reading again.

The files are made in a scratch folder. Each reader runs in a process of its own. `python bench/reading.py 1000 100000`
"""

import json
import multiprocessing
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WORDS = ("clock", "reset", "register", "field", "buffer", "counter", "window", "master", "bridge", "packet", "lane", "parity")
HEADINGS = ("Overview", "Registers", "Timing")


def make(home: Path, count: int) -> int:
    """Write files of three headings with about 250 words in folders of 1,000; return their bytes."""
    chosen, total = random.Random(0), 0
    for number in range(count):
        folder = home / f"block{number // 1000}"
        folder.mkdir(parents=True, exist_ok=True)
        parts = [f"# Unit {number}"]
        for heading in HEADINGS:
            lines = [" ".join(chosen.choices(WORDS, k=14)).capitalize() + f" {chosen.randrange(999)}." for _ in range(6)]
            parts += [f"## {heading}", "\n".join(lines)]
        total += (folder / f"unit{number}.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    return total


def ours(root: Path, store: Path) -> int:
    """Read a folder as a command does, and return its number of sections."""
    from runner.config.sections import readings_in
    from runner.corpus.folder import Folder
    from runner.store.local import LocalStore

    with readings_in(LocalStore(store)):
        return len(Folder(path=str(root)).read_sections().sections)


def theirs(root: Path, store: Path) -> int:
    """Load the same files by `datasets`, a row a file."""
    from datasets import load_dataset

    files = [str(file) for file in sorted(root.rglob("*.md"))]
    rows = load_dataset("text", data_files=files, sample_by="document", cache_dir=str(store), split="train")
    return len([row["text"] for row in rows])


def measured(reader: str, root: Path, store: Path) -> tuple[float, float, float, int]:
    """Return seconds, MB of this program, MB of its largest process beside it, and the reader's count."""
    command = [sys.executable, __file__, "--one", reader, str(root), str(store)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "HF_HUB_OFFLINE": "1"})
    return tuple(json.loads(done.stdout.splitlines()[-1]))


def one(reader: str, root: Path, store: Path) -> None:
    """Measure one reader in this process."""
    read = {"ours": ours, "datasets": theirs}[reader]
    began = time.monotonic()
    count = read(root, store)
    seconds = time.monotonic() - began
    peaks = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps([seconds, *peaks, count]))


def main() -> None:
    """Print a line for each reader and number of files."""
    print(f"{multiprocessing.cpu_count()} cores, Python {sys.version.split()[0]}")
    for count in map(int, sys.argv[1:] or ["1000", "100000"]):
        with tempfile.TemporaryDirectory() as scratch:
            root, store = Path(scratch) / "corpus", Path(scratch) / "store"
            total = make(root / "documents", count)
            print(f"{count:,} files, {total / 1e6:.0f} MB")
            for reader in ("ours", "datasets"):
                first, again = measured(reader, root, store / reader), measured(reader, root, store / reader)
                (root / "documents" / "block0" / "unit0.md").write_text("# Unit 0\n\n## Overview\n\nAnother text.\n")
                changed = measured(reader, root, store / reader)
                print(
                    f"  {reader:<9} {count / first[0]:7.0f} files/s ({first[0]:.1f} s), peak {first[1]:.0f} MB and "
                    f"{first[2]:.0f} MB beside it; again {again[0]:.1f} s; after a change {changed[0]:.1f} s; {first[3]} items"
                )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
    else:
        main()
