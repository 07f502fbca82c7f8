"""Atomic writes: content in, a complete file or folder out.

Readers see the old one or the new one, never half of it, even if the process is killed.
"""

import os
import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DRAFT = re.compile(r".+-[0-9a-f]{32}")  # the names of drafts, which a killed process leaves behind


def publish(path: Path, content: str, *, lasting: bool = False, drafts: Path | None = None) -> None:
    """Write a file under another name, then rename it.

    With `lasting` the call returns only after the disk has the content, so that a power cut cannot leave an empty file. The
    draft lies in the folder `drafts`, else beside the file.
    """
    # In one file system, since a rename is atomic only there; under a random name, since two processes may write the same file
    # at once.
    draft = (drafts or path.parent) / f".{path.name}-{uuid.uuid4().hex}"
    try:
        with draft.open("wb") as file:
            # A model may write half of a surrogate pair, which strict UTF-8 refuses to encode.
            file.write(content.encode("utf-8", "surrogatepass"))
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:  # a full disk, or Ctrl-C
        draft.unlink(missing_ok=True)
        raise


@contextmanager
def draft_folder(final: Path) -> Iterator[Path]:
    """Yield a new folder; rename it to `final` after the block.

    The block must leave `final` free. Whoever calls this holds a lock, so drafts that are there were left by killed processes,
    and are removed.
    """
    for stale in final.parent.glob(".*"):
        if stale.name.startswith(f".{final.name}-") and DRAFT.fullmatch(stale.name):
            shutil.rmtree(stale, ignore_errors=True)
    draft = final.with_name(f".{final.name}-{uuid.uuid4().hex}")
    try:
        draft.mkdir(parents=True)
        yield draft
        draft.rename(final)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def whole_folder(final: Path) -> Iterator[Path]:
    """Yield a new folder; put it where none or an empty one is.

    Its content is on the disk before. Whoever calls this holds a lock.
    """
    with draft_folder(final) as draft:
        yield draft
        settle(draft)
        if final.exists():  # empty, and a rename needs a free name on some file systems
            final.rmdir()


def settle(folder: Path) -> None:
    """Give a folder's files the usual mode; wait for the disk."""
    # safetensors writes files that only their owner can read. A folder may be shared, so they get the mode of any new file.
    probe = folder / ".mode"
    probe.touch()
    mode = probe.stat().st_mode & 0o777
    probe.unlink()
    # A rename may reach the disk before the content does. After a power cut the files would be empty.
    for path in (*folder.rglob("*"), folder):
        if path.is_file():
            path.chmod(mode)
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
