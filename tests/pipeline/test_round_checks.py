"""What rounds lack is told before anything is asked or trained."""

from dataclasses import replace
from typing import Any

import pytest

from runner.config.study import Study
from runner.data.exam_set import ExamSet
from runner.errors import Fault
from runner.pipeline.refining_checks import check_refining
from runner.review.only import OnlyReviewed
from runner.size.scale import Scale
from tests.given import Scripted
from tests.pipeline.given import ListedLabels
from tests.pipeline.rounding import LABELS, ListedBySize, rounding


class Texts(ListedBySize):
    """A method whose labels are texts."""

    questions = False


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"method": ListedLabels(LABELS)}, r"refine=rounds: method=fact asks no teacher, so nothing can be labelled again"),
        ({"method": Texts()}, r"labels of method=fact are texts without a question, so there are no practice questions"),
        (
            {"model": Scripted(lambda prompt: ""), "refine": {"samples": 1}},
            r"scripted can't draw answers\. Set refine\.samples",
        ),
        ({"refine": {"source": "teacher"}}, r"model@teacher=recorded has recorded replies alone.*refine\.source=larger"),
        ({"size": Scale(scale=6)}, r"refine\.scale=8 leaves no labels for rounds: 6x are those of size=1x, and 2x are practice"),
        (
            {"teacher": Scripted(lambda prompt: ""), "review": OnlyReviewed()},
            r"review=none leaves out labels that nobody has seen, and so those that the teacher is to write in a round",
        ),
        ({"teacher": Scripted(lambda prompt: ""), "refine": {"once": True, "scale": 3}}, r"refine\.scale=3 leaves no labels"),
    ],
)
def test_what_rounds_can_not_do_is_a_fault_of_its_own(pins: Study, parts: dict[str, Any], message: str) -> None:
    with pytest.raises(Fault, match=message):
        check_refining(rounding(pins, **parts))


def test_practice_that_the_exam_asks_is_a_fault(pins: Study) -> None:
    study = rounding(pins)
    exam = study.material.questions
    vars(study)["exam_set"] = ExamSet(questions=exam, practice=(replace(exam[0], question=exam[0].question.upper()),))
    with pytest.raises(Fault, match="1 of 1 practice questions are in the exam too"):
        check_refining(study)


def test_rounds_with_a_teacher_or_with_larger_sizes_pass(pins: Study) -> None:
    check_refining(rounding(pins))
    check_refining(rounding(pins, teacher=Scripted(lambda prompt: ""), refine={"scale": 1}))
