"""What can't be learned from preferences is told before anything is trained."""

from dataclasses import replace

import pytest

from runner.config.study import Study
from runner.data.preferences import HumanPreference
from runner.errors import Fault
from runner.pipeline.refining_checks import check_refining
from runner.refine.grpo import PolicyOptimisation
from runner.refine.none import Unrefined
from tests import given
from tests.given import Scripted
from tests.pipeline.practising import DPO, practising


def preferring(study: Study, *questions: str, **changed: object) -> Study:
    """A study with a preference for each question."""
    study = practising(study, **changed)
    pairs = tuple(HumanPreference(question=question, chosen="a", rejected="b") for question in questions)
    vars(study)["source"] = replace(study.source, preferences=pairs)
    return study


@pytest.mark.parametrize(
    ("questions", "refine", "message"),
    [
        ([], replace(DPO, samples=0), r"refine=none: there is nothing to prefer\. .*refine\.samples=4.*preferences\.jsonl"),
        (["One?"], replace(DPO, samples=0), r"1 pairs of a preferred and a rejected reply, and a step takes 2"),
    ],
)
def test_too_little_to_prefer_is_a_fault(study: Study, questions: list[str], refine: object, message: str) -> None:
    with pytest.raises(Fault, match=message):
        check_refining(preferring(study, *questions, refine=refine))


def test_a_preference_that_the_exam_asks_for_is_a_fault(study: Study) -> None:
    with pytest.raises(Fault, match=r"1 prompts of preferences\.jsonl are asked in the exam"):
        check_refining(preferring(study, study.material.questions[0].question.lower(), "Other?"))


def test_a_preference_for_a_general_question_that_is_measured_is_a_fault(study: Study) -> None:
    with pytest.raises(Fault, match=r"1 prompts of preferences\.jsonl are general questions that are measured(.|\n)*what is ICE"):
        check_refining(preferring(study, "what is ICE", "Other?"))


def test_texts_alone_leave_nothing_to_practise_on(study: Study) -> None:
    class Texts:
        """A method whose labels have no questions."""

        questions = False

    with pytest.raises(Fault, match="there are no practice questions, since labels"):
        check_refining(preferring(study, method=Texts()))


def test_a_student_that_draws_no_answers_is_a_fault(study: Study) -> None:
    with pytest.raises(Fault, match="scripted can't draw answers"):
        check_refining(preferring(study, model=Scripted(lambda prompt: "")))


def test_a_study_that_can_practise_passes(study: Study) -> None:
    check_refining(preferring(study))
    check_refining(preferring(study, "One?", "Two?", refine=replace(DPO, samples=0)))
    check_refining(preferring(study, refine=Unrefined()))


GRPO = PolicyOptimisation(
    samples=2, temperature=1.0, beta=0.1, epsilon=0.2, iterations=1, loss_type="dapo", epochs=1, batch=2, rate=1e-4
)


def test_rewards_by_a_judge_are_refused(study: Study) -> None:
    judge = given.study("grader=judge").grader
    with pytest.raises(Fault, match=r"refine=none: grader=\w+ asks a judge, and .*grader=match.*refine=dpo"):
        check_refining(preferring(study, refine=GRPO, grader=judge))
    check_refining(preferring(study, refine=GRPO))


def test_texts_alone_leave_nothing_to_be_rewarded_for(study: Study) -> None:
    class Texts:
        """A method whose labels have no questions."""

        questions = False

    with pytest.raises(Fault, match="there are no practice questions, since labels"):
        check_refining(preferring(study, method=Texts(), refine=GRPO))
