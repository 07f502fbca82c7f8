"""A tuned checkpoint in, one trained on rewards out.

It answers practice questions while it is trained, and the grades of its answers are the rewards.
"""

from collections.abc import Sequence
from dataclasses import replace

from runner.component import identity
from runner.config.contracts import returned_each
from runner.config.study import Study
from runner.data.records import Answer, Grade, Labelling, Question, Subset
from runner.data.thinking import answer_aloud
from runner.data.training import Supervised
from runner.local_models import Reward
from runner.pipeline.executor import Executor
from runner.pipeline.further_training import Refinement, train_further
from runner.pipeline.practice import practice_questions
from runner.pipeline.prompts import bare_prompt
from runner.pipeline.results import Checkpoint, Output, with_before
from runner.refine import LearnsRewards


def reinforced(
    study: Study, executor: Executor, tuned: Output[Checkpoint], labelling: Labelling, subset: Subset, seed: int
) -> Output[Checkpoint]:
    """Train a tuned checkpoint with the grader as the reward."""
    refine = study.refine
    assert isinstance(refine, LearnsRewards)  # by the caller
    practice = practice_questions(study, labelling, subset)
    rows = [Supervised(bare_prompt(study, question.question), question.answer) for question in practice.questions]
    refinement = Refinement(
        rows=rows,
        objective=lambda network: refine.reinforced(network, rows, rewards(study, practice.questions), seed),
        inputs=[practice.questions, identity(study.grader)],
        description=f"its answers to {len(rows)} questions, graded by grader={study.choices['grader']}; {practice.source}",
    )
    return with_before(train_further(study, executor, tuned, refinement, seed), tuned)


def rewards(study: Study, questions: Sequence[Question]) -> Reward:
    """Return the reward of answers: 1 for one that passes, else 0.

    They are graded as those of the exam. The grader asks no judge; `check_refining` sees to that.
    """

    def reward(places: Sequence[int], texts: Sequence[str]) -> list[float | None]:
        # Grades are joined by the id of the question, and a question has several answers.
        asked = [replace(questions[place], id=str(number)) for number, place in enumerate(places)]
        answers = [Answer(question=str(number), text=answer_aloud(text)) for number, text in enumerate(texts)]
        grades = returned_each(study.grader, "grade", study.grader.grade(asked, answers, study.judge), Grade, len(asked))
        passed = {grade.question: grade.passed for grade in grades}
        return [None if (verdict := passed.get(question.id)) is None else float(verdict) for question in asked]

    return reward
