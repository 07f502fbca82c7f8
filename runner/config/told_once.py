"""Notes in, each told once out: the runs of a sweep share a corpus and its notes."""

import logging

log = logging.getLogger("runner")

_told = set[str]()


def warn_once(note: str) -> None:
    """Log a warning, unless this process has logged it before."""
    if note not in _told:
        _told.add(note)
        log.warning("%s", note)
