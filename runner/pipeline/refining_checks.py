"""A study in, a Fault out if refining would fail."""

from runner.config.study import Study
from runner.data.tables import MOST_FAULTS
from runner.data.text import normal
from runner.errors import Fault
from runner.model import Drawing, DrawsAtHost
from runner.pipeline.examined import general_words
from runner.pipeline.judged_replies import learned_of_people
from runner.pipeline.practice import check_practice
from runner.pipeline.refining import check_lessons
from runner.pipeline.round_checks import check_rounds
from runner.refine import LabelsAgain, LearnsPreferences, LearnsRewards
from runner.tuner import PaidTuner


def check_refining(study: Study) -> None:
    """Raise a Fault if a refinement would fail."""
    refine, choice = study.refine, study.choices["refine"]
    if isinstance(refine, LearnsRewards):
        check_practice(study)
        _check_rewards(study, choice)
    if isinstance(refine, LabelsAgain):
        check_rounds(study, refine)
    if not isinstance(refine, LearnsPreferences):
        return
    if isinstance(study.tuner, PaidTuner) and "refine.rate" in study.overrides:
        raise Fault(
            f"refine.rate: a host takes no learning rate, but a multiplier of its own one: tuner.rate, for both jobs of "
            f"tuner={study.choices['tuner']}. Remove refine.rate, or choose tuner=lora"
        )
    check_practice(study)
    _check_leaks(study)
    lessons = learned_of_people(study)
    if refine.samples:
        if not isinstance(study.model, (Drawing, DrawsAtHost)):
            raise Fault(
                f"refine={choice}: {study.model.name} can't draw answers. Set refine.samples=0, and write preferences.jsonl "
                "into the corpus"
            )
        if study.exam_set.practice or study.method.questions:
            return
        if not lessons:
            raise Fault(
                f"refine={choice}: there are no practice questions, since labels of method={study.choices['method']} are texts "
                "without a question. Choose another method, exam=written with exam.practice=20, or write preferences.jsonl into "
                "the corpus"
            )
    if not lessons:
        grades = "" if refine.pairs else " or grades.jsonl (of questions that the exam does not ask)"
        raise Fault(
            f"refine={choice}: there is nothing to prefer. Let the tuned model draw answers (refine.samples=4), or write "
            f"preferences.jsonl{grades} into the corpus"
        )
    check_lessons(study, refine, lessons)


def _check_rewards(study: Study, choice: str) -> None:
    """Raise a Fault if nothing can be rewarded."""
    # Asked in each step about new answers, a judge would be paid thousands of times, and no preview could count them.
    if study.grader.asks:
        raise Fault(
            f"refine={choice}: grader={study.choices['grader']} asks a judge, and this training has thousands of answers graded. "
            "Choose grader=match, which needs none; or refine=dpo or refine=kto, which grade each answer once"
        )
    if not study.exam_set.practice and not study.method.questions:
        raise Fault(
            f"refine={choice}: there are no practice questions, since labels of method={study.choices['method']} are texts "
            "without a question. Choose another method, or exam=written with exam.practice=20"
        )


def _check_leaks(study: Study) -> None:
    """Raise a Fault if preferences and what is measured overlap."""
    kinds = (
        (study.examined, "are asked in the exam, so a model would be trained on its own exam"),
        (general_words(study), "are general questions that are measured, so a model would be trained on what it is asked"),
    )
    for measured, words in kinds:
        if leaks := [pair.question for pair in study.source.preferences if normal(pair.question) in measured]:
            raise Fault(
                f"refine={study.choices['refine']}: {len(leaks)} prompts of preferences.jsonl {words}. Remove them:\n"
                + "\n".join(leaks[:MOST_FAULTS])
            )
