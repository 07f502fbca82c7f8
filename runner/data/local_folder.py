"""An address in, a folder on this machine out."""

import os
import re
from pathlib import Path

CACHE = "RUNNER_CACHE"  # the variable that names the folder for what belongs to stores elsewhere
_ADDRESS = re.compile(r"([A-Za-z][\w+.-]*)://(.*)")


def is_address(place: str) -> bool:
    """Return true for s3://bucket, false for a folder."""
    return _ADDRESS.fullmatch(place) is not None


def local_folder(place: str) -> Path:
    """Return a folder itself; of an address, the cache's folder for it."""
    if not (match := _ADDRESS.fullmatch(place)):
        return Path(place).expanduser()
    home = Path(os.environ.get(CACHE) or "~/.cache/experiment-runner/remote").expanduser()
    # No part may lead out of the cache.
    return home.joinpath(match[1].lower(), *(part for part in match[2].split("/") if part not in ("", ".", "..")))
