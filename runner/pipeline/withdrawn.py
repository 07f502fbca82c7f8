"""A student in, its answers on withdrawn facts out."""

from collections.abc import Sequence

from runner.config.study import Study
from runner.data.records import Outcome
from runner.pipeline.answer import examine
from runner.pipeline.executor import Executor
from runner.pipeline.prompts import baseline_requests, exam_requests
from runner.pipeline.results import NOT_ASKED, Checkpoint, ExamResult, Output


def former_answers(results: Sequence[ExamResult]) -> Outcome | None:
    """Collect what a metric needs of these answers."""
    if not results[0].questions:
        return None
    return Outcome(questions=tuple(results[0].questions), grades=tuple(tuple(result.grades) for result in results))


def ask_withdrawn(study: Study, executor: Executor, student: Output[Checkpoint], baseline: str = "") -> ExamResult:
    """Ask about facts that the documents no longer state.

    They are asked as the exam is, by default in the way of a tuned student. An answer that passes is the former one.
    """
    questions = study.withdrawn
    if not questions:
        return NOT_ASKED
    if baseline:
        requests = baseline_requests(study, executor, baseline, questions=questions)
    else:
        requests = exam_requests(study, executor, questions)
    return examine(study, executor, student, Output(value=questions), requests)
