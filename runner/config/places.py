"""Places of settings: the package, the shipped yaml, the files of one's own defaults."""

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
CONF = PACKAGE / "conf" if (PACKAGE / "conf").is_dir() else PACKAGE.parent / "conf"  # installed, or in a checkout
PROJECT = "experiment-runner.yaml"  # in the working folder
USER = "experiment-runner/config.yaml"  # in the user's config folder


def own_files() -> list[Path]:
    """List the files of one's own defaults, the strongest first."""
    user = Path(os.environ.get("XDG_CONFIG_HOME") or "~/.config").expanduser() / USER
    return [file for file in (Path(PROJECT), user) if file.is_file()]
