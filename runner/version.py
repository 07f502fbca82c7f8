"""The version of this package, with its commit."""

import os
import subprocess
from functools import cache
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RELEASE = version("experiment-runner")


@cache
def commit() -> str:
    """Return the git commit of this clone, or nothing.

    It ends in -dirty where tracked files were changed.
    """
    # Looked for in the clone alone: an installed package may lie within somebody else's repository.
    return commit_of(ROOT) if (ROOT / ".git").exists() else ""


def commit_of(folder: Path) -> str:
    """Return the git commit of a folder, or nothing."""
    # The folder may come from a stranger, with a .git/config that names a program for git to start.
    safe = ["-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}"]
    command = ["git", *safe, "-C", str(folder), "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):  # no git here, or a disk that does not answer
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
