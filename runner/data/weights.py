"""Files of weights: what is wrong with them, and with writing them."""

import errno
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


def damaged_weights(files: Iterable[Path]) -> str:
    """Describe the first unreadable file of weights, or "".

    Only the headers of safetensors files are read. They tell how long a file must be, so one that was cut is found.
    """
    try:
        from safetensors import SafetensorError, safe_open
    except ImportError:  # without the extra `local` no weights are used, and a shared store may hold some
        return ""
    for file in sorted(files):
        try:
            with safe_open(file, "np"):
                pass
        except (SafetensorError, OSError) as error:
            return f"{file.name}: {error}"
    return ""


@contextmanager
def weights_written(folder: Path) -> Iterator[None]:
    """Raise an OSError where weights can't be written."""
    from safetensors import SafetensorError

    try:
        yield
    except SafetensorError as error:  # of a full disk, among others; the number of the system's error is not in it
        raise OSError(errno.EIO, str(error), str(folder)) from error
