"""Notes in, each told once out: the runs of a sweep share a corpus and its notes."""

import logging

log = logging.getLogger("runner")

_told = set[str]()


def warn_once(note: str) -> None:
    """Log a warning, unless this process has logged it before."""
    tell_once(note, logging.WARNING)


def tell_once(note: str, level: int) -> None:
    """Log a note, unless this process has logged it before."""
    if note not in _told:
        _told.add(note)
        log.log(level, "%s", note)
