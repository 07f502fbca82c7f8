"""A remedy against forgetting in, its part in training out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from runner.component import identity
from runner.config.study import Study
from runner.data.records import Question, Reply, Request
from runner.data.sentences import sentence_ends
from runner.data.training import OwnReply, Supervised
from runner.keep import AddsLoss, AsksUntuned, ChangesWeights, Distils, NeedsEnough
from runner.local_models import Network, Objective
from runner.model import LocalWeights, Model
from runner.pipeline.executor import Executor, ModelAccess, Stage
from runner.pipeline.prompts import bare_prompt
from runner.pipeline.results import Checkpoint, Output, with_before
from runner.pipeline.student_replies import replies, verdicts
from runner.tuner import MakeObjective, TunesForObjective


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """Examples and objective of a training, with their stages."""

    examples: Sequence[Supervised]
    objective: MakeObjective | None = None  # None where the tuner's own loss stays
    inputs: Sequence[Any] = ()  # of the training's stage, beside the examples
    after: Sequence[Output[Any]] = ()
    lacking: str = ""  # of general examples, in words
    further: float = 0.0  # rows beside each example


def lesson(study: Study, executor: Executor, start: Output[Checkpoint], labels: Sequence[Supervised]) -> Lesson:
    """Prepare a training with the study's remedy."""
    keep = study.keep
    general = [Supervised(bare_prompt(study, question), answer) for question, answer in study.general_pairs]
    asked = keep.asked(labels, general) if isinstance(keep, AsksUntuned) else ()
    own = own_replies(study, executor, start, asked)
    examples = keep.examples(labels, general, own.value)
    lacking = keep.lacking(labels, general, own.value) if isinstance(keep, NeedsEnough) else ""
    plain = Lesson(examples=examples, after=[own], lacking=lacking)
    if not isinstance(keep, AddsLoss):
        return plain
    inputs: list[Any] = [{"keep": identity(keep)}]
    further = keep.rows / study.tuner.batch if isinstance(study.tuner, TunesForObjective) else 0.0
    if not isinstance(keep, Distils):
        return replace(plain, objective=lambda network: keep.objective(network, (), None), inputs=inputs)
    taught = keep.taught(labels, general, own.value)
    kept = distributions(study, executor, start, taught, own)

    def objective(network: Network) -> Objective:
        from runner.local_models.distributions import distributions  # here, since it imports torch

        return keep.objective(network, taught, distributions(kept.value))

    inputs.append(kept.key)
    return replace(plain, objective=objective, inputs=inputs, after=[own, kept], further=further)


def own_replies(
    study: Study, executor: Executor, start: Output[Checkpoint], asked: Sequence[Supervised]
) -> Output[Sequence[OwnReply]]:
    """Let the model that is to be trained answer, once."""
    if not asked:
        return Output(value=())
    requests = [Request(prompt=example.prompt) for example in asked]
    questions = [
        Question(id=str(place), question=example.prompt.messages[-1].content, answer=example.reply, category="general")
        for place, example in enumerate(asked)
    ]
    given = replies(study, executor, start, questions, requests)
    graded = isinstance(study.keep, AsksUntuned) and study.keep.graded
    # Cut before they are graded, so that what counts as right is what is learned.
    given = whole(given) if graded else given
    right = verdicts(study, executor, questions, given) if graded else Output(value=[False] * len(questions))
    own = [
        OwnReply(text=reply.text, whole=reply.finish != "length", right=bool(passed))
        for reply, passed in zip(given.value, right.value, strict=True)
    ]
    return with_before(Output(value=own, key=given.key), given, right)


def whole(given: Output[Sequence[Reply]]) -> Output[Sequence[Reply]]:
    """Cut each reply at its limit behind its last sentence."""
    texts = []
    for reply in given.value:
        ends = sentence_ends(reply.text) if reply.finish == "length" else []
        texts.append(replace(reply, text=reply.text[: ends[-1]].rstrip(), finish="stop") if ends else reply)
    return replace(given, value=texts)


def distributions(
    study: Study,
    executor: Executor,
    start: Output[Checkpoint],
    taught: Sequence[Supervised],
    own: Output[Sequence[OwnReply]],
) -> Output[Path]:
    """Compute the distributions of the model before its training."""
    keep, model = study.keep, start.value.model
    assert isinstance(keep, Distils)

    def make(folder: Path, access: ModelAccess) -> None:
        from runner.local_models.distributions import measure  # here, since it imports torch

        assert isinstance(model, LocalWeights)  # by config.build: such a remedy needs weights on this machine
        measure(model.load(), taught, keep.top, folder)

    stage = Stage(
        name="distributions",
        inputs=[identity(study.model), start.value.key, taught, keep.top],
        make=make,
        read=lambda folder: folder,
        stand_in=Path,
        after=[start, own],
    )
    return executor.do(stage)


def changed(study: Study, executor: Executor, tuned: Output[Checkpoint]) -> Output[Checkpoint]:
    """Change a trained checkpoint, if the remedy does."""
    keep, former = study.keep, study.earlier
    if not isinstance(keep, ChangesWeights):
        return tuned
    before: Model = former.model if former else study.model
    assert isinstance(before, LocalWeights)  # by config.build, as above

    def make(folder: Path, access: ModelAccess) -> None:
        assert tuned.value.folder  # a forecast, whose checkpoints have none, takes the stand-in
        keep.change(before, former.folder if former else None, tuned.value.folder, folder)

    stage = Stage(
        name="changed_weights",
        inputs=[tuned.value.key, identity(keep), *([former.key] if former else [])],
        make=make,
        read=lambda folder: replace(tuned.value, model=study.model.tuned_in(folder), folder=folder),
        stand_in=lambda: tuned.value,
        after=[tuned],
    )
    output = executor.do(stage)
    # The key of the new weights counts as a training: whatever follows has another key than without the change.
    value = replace(output.value, trainings=(*tuned.value.trainings, output.key))
    return with_before(replace(output, value=value), tuned)
