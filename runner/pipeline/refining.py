"""A tuned checkpoint in, a refined one out."""

from collections.abc import Sequence

from runner.config.study import Study
from runner.data.records import Labelling, Question, Subset
from runner.data.training import Judged, Supervised
from runner.errors import Fault
from runner.hosts.chat_lines import LEAST
from runner.pipeline.executor import Executor
from runner.pipeline.further_training import Refinement, train_further
from runner.pipeline.judged_replies import judged_replies, learned_of_people
from runner.pipeline.practice import Practice, practice_questions
from runner.pipeline.prompts import bare_prompt
from runner.pipeline.reinforcing import reinforced
from runner.pipeline.results import Checkpoint, Output, with_before
from runner.pipeline.rounds import in_rounds
from runner.refine import LabelsAgain, LearnsPreferences, LearnsRewards
from runner.tuner import PaidTuner

_PAIRS, _REPLIES = "pairs of a preferred and a rejected reply", "judged replies"


def refined(
    study: Study, executor: Executor, tuned: Output[Checkpoint], labelling: Labelling, subset: Subset, seed: int
) -> Output[Checkpoint]:
    """Refine a tuned checkpoint, if the study does."""
    refine = study.refine
    if isinstance(refine, LearnsRewards):
        return reinforced(study, executor, tuned, labelling, subset, seed)
    if isinstance(refine, LabelsAgain):
        return in_rounds(study, executor, tuned, labelling, subset, seed)
    if not isinstance(refine, LearnsPreferences):
        return tuned
    practice = practice_questions(study, labelling, subset) if refine.samples else Practice()
    # A host may have to deploy the tuned model before it can be asked.
    with executor.reachable(tuned) as asked:
        replies = judged_replies(study, executor, refine, asked, practice, seed)
    lessons = _expected(study, practice.questions) if replies.guess else refine.lessons(replies.preferences, replies.judged)
    if not replies.guess:
        check_lessons(study, refine, lessons, replies.counts)
    refinement = Refinement(
        rows=[Supervised(prompt, reply) for prompt, reply, _ in lessons],
        objective=lambda network: refine.objective(network, lessons),
        inputs=[[lesson.good for lesson in lessons]],
        after=replies.after,
        description=f"{len(lessons)} replies; {replies.counts or 'none of its own'}",
    )
    output = train_further(study, executor, tuned, refinement, seed)
    return with_before(output, tuned, replies)


def check_possible(study: Study, labelling: Output[Labelling], subset: Output[Subset]) -> None:
    """Raise a Fault if lessons can only be too few.

    This is known before the first training, but not of guessed labels. How many of the drawn answers are right or wrong is known
    only after it.
    """
    refine = study.refine
    if subset.guess or not isinstance(refine, LearnsPreferences) or not refine.samples:
        return
    questions, given = practice_questions(study, labelling.value, subset.value).questions, learned_of_people(study)
    # Each answer that is drawn is at most one pair, or one judged reply. The label's own answer may be one more.
    drawn = len(questions) * (refine.samples if refine.pairs else refine.samples + 1)
    most = drawn + (len(given) // 2 if refine.pairs else len(given))
    least, taker = _least(study, refine)
    if most < least:
        what = _PAIRS if refine.pairs else _REPLIES
        raise Fault(
            f"refine={study.choices['refine']}: {len(questions)} practice questions with {refine.samples} answers each give at "
            f"most {most} {what}, and {taker} {least}. Train on more labels (size), draw more answers (refine.samples), take a "
            "smaller refine.batch, or write preferences.jsonl into the corpus"
        )


def check_lessons(study: Study, refine: LearnsPreferences, lessons: Sequence[Judged], counts: str = "") -> None:
    """Raise a Fault if lessons are too few or alike.

    Expected are as many as a step takes, and at a host as many as a file must hold.
    """
    number = len(lessons) // 2 if refine.pairs else len(lessons)
    kinds = {lesson.good for lesson in lessons}
    least, taker = _least(study, refine)
    if number >= least and kinds == {True, False}:
        return
    what = _PAIRS if refine.pairs else _REPLIES
    kind = "" if kinds != {True} and kinds != {False} else f", all of them {'preferred' if True in kinds else 'rejected'}"
    reason = f" ({counts})" if counts else ""
    raise Fault(
        f"refine={study.choices['refine']}: {number} {what}{kind}{reason}, and {taker} {least}. Draw more answers "
        "(refine.samples), draw them at a higher temperature (refine.temperature), prefer the labels' answers "
        "(refine.chosen=label), or write preferences.jsonl into the corpus"
    )


def _least(study: Study, refine: LearnsPreferences) -> tuple[int, str]:
    """Return the fewest lessons, and what takes so many."""
    if isinstance(study.tuner, PaidTuner) and refine.batch < LEAST:
        return LEAST, "a host takes at least"
    return refine.batch, "a step takes"


def _expected(study: Study, practice: Sequence[Question]) -> list[Judged]:
    """Guess the lessons for a forecast: a right and a wrong reply to each question."""
    return [
        Judged(bare_prompt(study, question.question), question.answer, good) for question in practice for good in (True, False)
    ]
