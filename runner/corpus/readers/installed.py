"""Libraries of the extra `documents`: a reader's import in, a Fault with the install command out."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runner.errors import Fault


@contextmanager
def needed(file: Path, library: str, extra: str = "documents") -> Iterator[None]:
    """Raise a Fault with the install command on ImportError."""
    try:
        yield
    except ImportError as error:
        kind = f"{file.suffix.lower()} files are read by {library}"
        raise Fault(f"{file}: {kind}. Install it: pip install 'experiment-runner[{extra}]'") from error
