"""Studies in, the exam that a model writes out."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from math import isnan
from pathlib import Path

from runner.comparison.words import cost
from runner.component import identity
from runner.config.exams import FILE as EXAM_FILE
from runner.config.exams import STAGE, checked_exam, kept_exam, planned_exam, stored_exam, tell
from runner.config.study import Study
from runner.data.exam_set import ExamSet
from runner.data.guesses import Forecastable
from runner.data.records import digest, write
from runner.errors import Fault
from runner.model import Replaying
from runner.pipeline.context import check_questions
from runner.pipeline.executor import Executor, ModelAccess, Stage
from runner.pipeline.results import Output
from runner.pipeline.store_executor import StoreExecutor

log = logging.getLogger("runner")


def examine_documents(study: Study, executor: Executor) -> Output[ExamSet]:
    """Let the examiner write the exam."""

    def make(folder: Path, access: ModelAccess) -> None:
        guesses = study.exam.guesses if isinstance(study.exam, Forecastable) else None
        examiner = access.model("exam", study.examiner, guesses)
        try:
            exam = checked_exam(study.exam, study.source, examiner)
        except Fault as fault:
            if isinstance(study.examiner, Replaying) and study.examiner.replays:
                raise Fault(
                    f"exam={study.choices['exam']}: the recording of {study.examiner.name} does not hold this exam. Name a model "
                    f"that can write one (model@examiner=openai), or choose exam=file or exam=cloze. With method=passage, "
                    f"exam=cloze asks no model at all. It said: {fault}"
                ) from fault
            raise
        write(folder / EXAM_FILE, [exam])

    # Exams of other sizes send the same requests: the second one finds the replies of the first.
    lock = digest(["exam", identity(study.examiner), study.source.sections])
    stage = Stage(
        name=STAGE,
        inputs=study.exam_inputs,
        make=make,
        read=stored_exam,
        asks=True,
        locks=[f"examining-{lock}"],
        stand_in=lambda: planned_exam(study.exam, study.source),
        requests_follow=True,
    )
    return executor.do(stage)


def _paid(study: Study, output: Output[ExamSet]) -> str:
    usd = sum(usage.usd(study.settings.prices) for usage in output.usage)
    unknown = f"what they cost is unknown, since no price of {study.examiner.name} is known"
    return unknown if isnan(usd) else f"they cost {cost('usd', usd)}"


def with_exams(studies: Sequence[Study]) -> list[Study]:
    """Write the exams that are missing, once each.

    Return the studies with them. Raise a Fault if one can't be written.
    """
    missing = [study for study in studies if study.exam_missing]
    for study in missing:
        kept = kept_exam(study.store, study.exam_inputs)  # that another of these studies wrote
        output = examine_documents(study, StoreExecutor(study))
        if not kept:
            tell(output.value)
            sent = sum(usage.requests for usage in output.usage)
            log.info("the exam was written in %d requests (counting replies kept from before); %s", sent, _paid(study, output))
    if not missing:
        return list(studies)
    # A study remembers what it has read, and the hashes of it.
    fresh = [replace(study) for study in studies]
    for study in fresh:
        check_questions(study)
    return fresh
