"""A tuned checkpoint in, one trained on preferences out."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from runner.component import identity
from runner.config.study import Study
from runner.data.records import Labelling, Question, Subset, read, write
from runner.data.training import Judged, Supervised
from runner.errors import Fault
from runner.local_models import Network, Objective, Rewarded
from runner.model import Tunable
from runner.model.text_version import text_version
from runner.pipeline.executor import Executor, ModelAccess, Stage, TrainingWork
from runner.pipeline.judged_replies import JudgedReplies, judged_replies
from runner.pipeline.practice import Practice, practice_questions
from runner.pipeline.prompts import bare_prompt
from runner.pipeline.results import Checkpoint, Output, Refining
from runner.refine import LearnsPreferences
from runner.tuner import TunesForObjective

log = logging.getLogger("runner")


def refined(
    study: Study, executor: Executor, tuned: Output[Checkpoint], labelling: Labelling, subset: Subset, seed: int
) -> Output[Checkpoint]:
    """Train a tuned checkpoint on preferences, if the study does."""
    refine = study.refine
    if not isinstance(refine, LearnsPreferences):
        return tuned
    practice = practice_questions(study, labelling, subset) if refine.samples else Practice()
    replies = judged_replies(study, executor, refine, tuned, practice, seed)
    lessons = _expected(study, practice.questions) if replies.guess else refine.lessons(replies.preferences, replies.judged)
    if not replies.guess:
        check_lessons(study, refine, lessons, replies.counts)
    output = _trained(study, executor, tuned, replies, lessons, seed)
    return replace(
        output,
        seconds=tuned.seconds + replies.seconds + output.seconds,
        usage=[*tuned.usage, *replies.usage, *output.usage],
        guess=output.guess or tuned.guess,
    )


def check_lessons(study: Study, refine: LearnsPreferences, lessons: Sequence[Judged], counts: str = "") -> None:
    """Raise a Fault if lessons are too few or alike.

    Expected are as many as a step takes.
    """
    number = len(lessons) // 2 if refine.pairs else len(lessons)
    kinds = {lesson.good for lesson in lessons}
    if number >= refine.batch and kinds == {True, False}:
        return
    what = "pairs of a preferred and a rejected reply" if refine.pairs else "judged replies"
    kind = "" if kinds != {True} and kinds != {False} else f", all of them {'preferred' if True in kinds else 'rejected'}"
    reason = f" ({counts})" if counts else ""
    raise Fault(
        f"refine={study.choices['refine']}: {number} {what}{kind}{reason}, and a step takes {refine.batch}. Draw more answers "
        "(refine.samples), draw them at a higher temperature (refine.temperature), prefer the labels' answers "
        "(refine.chosen=label), or write preferences.jsonl into the corpus"
    )


def _expected(study: Study, practice: Sequence[Question]) -> list[Judged]:
    """Guess the lessons for a forecast: a right and a wrong reply to each question."""
    return [
        Judged(bare_prompt(study, question.question), question.answer, good) for question in practice for good in (True, False)
    ]


def _trained(
    study: Study, executor: Executor, tuned: Output[Checkpoint], replies: JudgedReplies, lessons: Sequence[Judged], seed: int
) -> Output[Checkpoint]:
    refine, tuner = cast(LearnsPreferences, study.refine), scheduled(study)
    rows = [Supervised(prompt, reply) for prompt, reply, _ in lessons]

    def make(folder: Path, access: ModelAccess) -> None:
        made: list[Objective] = []

        def objective(network: Network) -> Objective:
            made.append(refine.objective(network, lessons))
            return made[-1]

        log.info("refine=%s learns from %d replies; %s", study.choices["refine"], len(rows), replies.counts or "none of its own")
        tuning = tuner.tune_for(objective, cast(Tunable, tuned.value.model), rows, seed, folder)
        write(folder / "refining.jsonl", [Refining(tuning=tuning, lessons=len(rows), rewards=_rewards(made))])

    def trained(folder: Path) -> Checkpoint:
        (refining,) = read(folder / "refining.jsonl", Refining)
        return replace(tuned.value, model=study.model.tuned_in(folder), folder=folder, refining=refining)

    texts = (text for prompt, reply in rows for text in (reply, *(turn.content for turn in prompt.messages)))
    stage = Stage(
        name="tunings",
        inputs=[
            *(identity(tuner), identity(study.model), rows, seed, *tuned.value.trainings, *text_version(study.model, texts)),
            # A forecast takes the time of an example from trainings with the same remedies and refinements, which are objects.
            {"refine": identity(refine)},
            [lesson.good for lesson in lessons],
        ],
        make=make,
        read=trained,
        stand_in=lambda: tuned.value,
        after=[tuned, *replies.after],
        training=TrainingWork(examples=len(rows)),
    )
    output = executor.do(stage)
    return replace(output, value=replace(output.value, trainings=(*tuned.value.trainings, output.key)))


def _rewards(made: Sequence[Objective]) -> tuple[float, ...]:
    """Return the rewards that a loss noted."""
    # A tuner of one's own may not have used the loss.
    losses: list[object] = [objective.labels for objective in made]
    return next((tuple(loss.rewards) for loss in losses if isinstance(loss, Rewarded)), ())


def scheduled(study: Study) -> TunesForObjective:
    """Return the study's tuner with the schedule of refine."""
    refine = cast(LearnsPreferences, study.refine)
    # Any, since a tuner is a frozen dataclass whose fields config.build has checked.
    tuner: Any = study.tuner
    return cast(TunesForObjective, replace(tuner, **refine.schedule))
