"""Many files in, their readings out in the same order.

A file that was read before is not read again. Many files are read in several processes.
"""

import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from queue import SimpleQueue

from runner.corpus import Readings
from runner.corpus.files import documents_home
from runner.corpus.readers.choose import reader_of
from runner.corpus.reading import READING, FileReading, ReadingRules, read_file, reading_key
from runner.corpus.reading_process import ReadingProcess
from runner.terminal.progress import progress

CHUNK = 128  # files that this program reads itself; of other formats, each is a chunk of its own
FEW = 256  # such files are read in this process: starting another takes as long
MOST = 8  # processes: each takes about 100 MB
EVERY, TOGETHER = 10.0, 1000  # seconds or files after which what was read is kept


class NoReadings:
    """Keeps nothing."""

    def find(self, keys: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Find nothing."""
        yield from ()

    def keep(self, readings: Mapping[str, str]) -> None:
        """Keep nothing."""


NOTHING = NoReadings()
# Not an argument of `Corpus.read`, which most corpora could do nothing with.
_kept: ContextVar[Readings] = ContextVar("kept", default=NOTHING)


@contextmanager
def kept_in(readings: Readings) -> Iterator[None]:
    """Let corpora find in `readings` what was read before."""
    token = _kept.set(readings)
    try:
        yield
    finally:
        _kept.reset(token)


def read_files(files: Sequence[Path], root: Path, rules: ReadingRules) -> Iterator[FileReading]:
    """Read files of a corpus folder; yield a reading for each, in their order."""
    if len(files) <= FEW and not any(reader_of(file).libraries for file in files):
        yield from (read_file(file, root, rules) for file in files)
        return
    home = documents_home(root)
    keys = [reading_key(file, home, rules) for file in files]
    earlier = {key: reading for key, text in _kept.get().find(keys) if (reading := READING.validate_json(text)).is_of_today(home)}
    missing = [(key, file) for key, file in zip(keys, files, strict=True) if key not in earlier]
    texts = _read_in_processes([file for _, file in missing], root, rules)
    read = _kept_while_read([key for key, _ in missing], texts)
    for key in keys:
        yield earlier[key] if key in earlier else next(read)


def _kept_while_read(keys: Sequence[str], texts: Iterator[str]) -> Iterator[FileReading]:
    """Yield readings; keep those without a fault."""
    fresh, last = dict[str, str](), time.monotonic()
    try:
        for key, text in zip(keys, texts, strict=True):
            reading = READING.validate_json(text)
            if not reading.fault:
                fresh[key] = text
            # So that a command that is killed has to read little again.
            if len(fresh) >= TOGETHER or time.monotonic() - last > EVERY:
                _kept.get().keep(fresh)
                fresh, last = {}, time.monotonic()
            yield reading
    finally:
        _kept.get().keep(fresh)


def _read_in_processes(files: Sequence[Path], root: Path, rules: ReadingRules) -> Iterator[str]:
    """Yield readings as JSON, in the order of the files."""
    chunks = list(_chunks(files))
    processes = [ReadingProcess(root, rules) for _ in range(min(len(chunks), _cores(), MOST))]
    free: SimpleQueue[ReadingProcess] = SimpleQueue()

    def read(chunk: Sequence[Path]) -> list[str]:
        process = free.get()
        try:
            return process.read(chunk)
        finally:
            free.put(process)

    if not chunks:
        return
    for process in processes:
        free.put(process)
    with ThreadPoolExecutor(len(processes)) as threads, progress("documents read", len(files)) as advance:
        try:
            for texts in threads.map(read, chunks):
                yield from texts
                advance(len(texts))
        except BaseException:  # Ctrl-C too
            for process in processes:
                process.stop()
            raise
        for process in processes:
            process.close()


def _chunks(files: Sequence[Path]) -> Iterator[Sequence[Path]]:
    """Group short files that follow each other."""
    chunk: list[Path] = []
    for file in files:
        alone = bool(reader_of(file).libraries)
        if chunk and (alone or len(chunk) == CHUNK):
            yield chunk
            chunk = []
        if alone:
            yield [file]
        else:
            chunk.append(file)
    if chunk:
        yield chunk


def _cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
