"""Content in; a file out that is there whole or not at all, whoever reads it and whatever ends the process."""

import os
import uuid
from pathlib import Path


def publish(path: Path, content: str, *, lasting: bool = False) -> None:
    """Write a file by one rename; half of a surrogate pair, which a model may write, is written as it is.

    `lasting` waits until the disk holds it, so that a power cut can't leave it empty.
    """
    draft = path.with_name(f".{path.name}-{uuid.uuid4().hex}")
    with draft.open("wb") as file:
        file.write(content.encode("utf-8", "surrogatepass"))
        if lasting:
            file.flush()
            os.fsync(file.fileno())
    draft.replace(path)
