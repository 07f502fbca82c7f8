"""Nothing in, the version printed."""

import platform
from collections.abc import Sequence

from runner.version import RELEASE, commit


def show_version(words: Sequence[str]) -> None:
    """Print the versions of this package and of Python."""
    parts = [f"experiment-runner {RELEASE}", *([f"commit {commit()}"] if commit() else []), f"Python {platform.python_version()}"]
    print(", ".join(parts))
