"""Files of weights in, what is wrong with them out."""

from collections.abc import Iterable
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
