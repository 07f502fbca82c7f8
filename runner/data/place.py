"""Folders that will be written: a path in, whether it can be made out."""

import os
from pathlib import Path


def can_be_made(folder: Path) -> bool:
    """Return true if a folder can be made or written."""
    nearest = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    return nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)
