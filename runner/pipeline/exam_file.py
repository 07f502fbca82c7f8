"""A study in, its exam as a readable file out."""

import logging
import re
from pathlib import Path

from runner.config.study import Study
from runner.data.place import can_be_made
from runner.data.records import digest
from runner.errors import Fault
from runner.exam import Filed
from runner.exam_writing.exam_table import PRACTICE, changed_by_hand, write_exam

log = logging.getLogger("runner")

TAKE = "exam=file exam.path"


def exam_file(study: Study) -> Path | None:
    """Write the exam for people, and return its file.

    It has a folder of its own. Return None for an exam that lies in a file already. Raise a Fault if the folder can't be written.
    """
    if not isinstance(study.exam, Filed):
        return None
    # One exam has one folder: another would overwrite what a person corrected.
    name = re.sub(r"[^\w.-]+", "-", study.corpus.name).strip("-.") or "exam"
    folder = Path(study.exam.folder).expanduser().resolve() / f"{name}-{digest(study.material.questions)[:8]}"
    try:
        return write_exam(study.exam_set, folder)
    except OSError as error:
        raise Fault(
            f"exam.folder={study.exam.folder}: can't be written ({error}). Name another folder: exam.folder=PATH"
        ) from error


def check_exam_folder(study: Study) -> None:
    """Raise a Fault if no file can be written there."""
    if isinstance(study.exam, Filed) and not study.settings.labels_only and not can_be_made(Path(study.exam.folder).expanduser()):
        raise Fault(f"exam.folder={study.exam.folder}: can't be written. Name another folder: exam.folder=PATH")


def tell_exam(study: Study) -> None:
    """Log where the exam lies, and how to correct it.

    Warn if it was corrected, since this study does not take what was.
    """
    if not (file := exam_file(study)):
        return
    count = len(study.material.questions)
    log.info("the exam (%d questions, %s): %s", count, study.exam_set.origin.partition(";")[0], file)
    if practice := study.exam_set.practice:
        log.info("practice (%d questions that are no part of the exam): %s", len(practice), file.with_name(PRACTICE))
    changed = changed_by_hand(file.parent)
    if file in changed:
        log.warning("%s was changed by hand, but this run takes the exam as it was written. Take yours: %s=%s", file, TAKE, file)
    else:
        log.info("correct it there, and take what you corrected with %s=%s", TAKE, file)
    for further in (path for path in changed if path != file):
        log.warning("%s was changed by hand, so it stays as it is. To have it written anew, rename it", further)
