"""Atomic writes: content in, a complete file out.

Readers see the old file or the new one, never half of it, even if the process is killed.
"""

import os
import re
import uuid
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
