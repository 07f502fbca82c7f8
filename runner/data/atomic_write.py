"""Atomic writes: content in, a complete file out.

Readers see the old file or the new one, never half of it, even if the process is killed.
"""

import os
import uuid
from pathlib import Path


def publish(path: Path, content: str, *, lasting: bool = False) -> None:
    """Write a file under another name, then rename it.

    With `lasting` the call returns only after the disk has the content, so that a power cut cannot leave an empty file.
    """
    # In the same folder, since a rename is atomic only within one file system; under a random name, since two
    # processes may write the same file at once.
    draft = path.with_name(f".{path.name}-{uuid.uuid4().hex}")
    with draft.open("wb") as file:
        # A model may write half of a surrogate pair, which strict UTF-8 refuses to encode.
        file.write(content.encode("utf-8", "surrogatepass"))
        if lasting:
            file.flush()
            os.fsync(file.fileno())
    draft.replace(path)
