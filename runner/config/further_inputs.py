"""A study in, further inputs of its key out."""

from typing import TYPE_CHECKING, Any

from runner.component import identity
from runner.config.reviews import graded, outcomes
from runner.data.text import normal
from runner.refine import LearnsPreferences

if TYPE_CHECKING:
    from runner.config.study import Study  # which imports this module


def further_inputs(study: "Study", rag: str) -> dict[str, Any]:
    """Return the inputs that only some studies have.

    They are those of retrieval, remedies, reviews, filters, refinement, `start` and some scripts. Each is there only where it
    matters, so that all other tuned arms are found again. `rag` is the baseline in whose prompt a tuned student reads passages.
    """
    inputs: dict[str, Any] = {}
    if study.retrieval.retrieves:
        inputs["retrieval"] = [identity(study.baseline[rag]), study.searched(rag, study.retrieval)]
    if study.keep.remedy:
        inputs["keep"] = [identity(study.keep), study.general_pairs]
    if study.review.applies:
        inputs["review"] = [identity(study.review), outcomes(study.label_reviews)]
    if study.filter:
        asked = [identity(study.judge)] if study.filters_ask else []
        inputs["filter"] = [*([name, identity(rule)] for name, rule in study.filter.items()), *asked]
    if study.refine.refines:
        learned = _learned_grades(study)
        people = [study.source.preferences, study.exam_set.practice, *([learned] if learned else [])]
        inputs["refine"] = [identity(study.refine), *people]
    if study.worded_as:
        inputs["words"] = study.worded_as
    if study.earlier:
        # An earlier version left reviews and filters out of account for labels that are trained again.
        checked = ["reviewed and filtered"] if study.review.applies or study.filter else []
        inputs["start"] = [study.earlier.key, study.settings.upkeep.replay, *checked]
    return inputs


def _learned_grades(study: "Study") -> list[tuple[str, str, bool]]:
    """Return the reviews of answers that a refinement learns from."""
    refine = study.refine
    # Grades in the corpus's own file are part of the material. Those of answers to the exam are never learned.
    if not isinstance(refine, LearnsPreferences) or refine.pairs or not study.review.applies:
        return []
    examined, grades = study.examined, graded(study.reviews, study.material.questions)
    learned = ((grade.question.question, grade.answer, grade.passed) for grade in grades)
    return sorted(each for each in learned if normal(each[0]) not in examined)
