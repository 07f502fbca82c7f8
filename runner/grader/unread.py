"""Grades in, a warning of those that are missing out."""

import logging
from collections.abc import Sequence

from runner.data.records import Grade
from runner.grader import Grader, TellsUnread

log = logging.getLogger("runner")


def tell_unread(grader: Grader, grades: Sequence[Grade]) -> None:
    """Warn if verdicts could not be read; of kept grades too."""
    if isinstance(grader, TellsUnread) and (text := grader.unread(grades)):
        log.warning(text)
