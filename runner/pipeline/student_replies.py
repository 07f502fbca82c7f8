"""A student and requests in, replies and verdicts out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from runner.component import identity
from runner.config.study import Study
from runner.data.records import Answer, Prompt, Question, Reply, Request, write
from runner.errors import Fault
from runner.model import Drawing, DrawsAtHost, Model
from runner.model.text_version import text_version
from runner.pipeline.answer import References, grade
from runner.pipeline.executor import Executor, ModelAccess, Stage
from runner.pipeline.prompts import read_each
from runner.pipeline.results import Checkpoint, Output


@dataclass(frozen=True)
class Draw:
    """The temperature and the seed of drawn replies."""

    temperature: float
    seed: int


@dataclass(frozen=True)
class DrawnModel:
    """A model whose replies are drawn at random."""

    model: Model
    draw: Draw

    @property
    def name(self) -> str:
        """The name of the model itself."""
        return self.model.name

    def check(self) -> None:
        """Raise the Fault of the model itself."""
        self.model.check()

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """Yield drawn replies."""
        if not isinstance(self.model, Drawing):
            raise Fault(f"{self.name}: its class has no method draw, which draws replies at a temperature")
        yield from self.model.draw(prompts, self.draw.temperature, self.draw.seed)


def _drawn(model: Model, draw: Draw) -> Model:
    """Return a model whose replies are drawn."""
    # A host is told so, and the model stays one that is paid for, and whose replies are kept.
    return model.at_temperature(draw.temperature, draw.seed) if isinstance(model, DrawsAtHost) else DrawnModel(model, draw)


def replies(
    study: Study,
    executor: Executor,
    student: Output[Checkpoint],
    questions: Sequence[Question],
    requests: Sequence[Request],
    draw: Draw | None = None,
) -> Output[Sequence[Reply]]:
    """Let a student reply, in the order of the questions: greedily, unless it draws."""

    def make(folder: Path, access: ModelAccess) -> None:
        model = _drawn(student.value.model, draw) if draw else student.value.model
        asked = access.model("answer", model, lambda: References(questions, requests))
        by_place = dict(asked.ask([request.prompt for request in requests]))
        write(folder / "replies.jsonl", [by_place[place] for place in range(len(requests))])

    texts = (message.content for request in requests for message in request.prompt.messages)
    drawn: list[Any] = [draw.temperature, draw.seed] if draw else []
    stage = Stage[Sequence[Reply]](
        name="own_replies",
        inputs=[identity(study.model), student.value.key, requests, *drawn, *text_version(study.model, texts)],
        make=make,
        read=lambda folder: read_each(folder / "replies.jsonl", Reply, len(requests)),
        asks=True,
        after=[student],
    )
    return executor.do(stage)


def verdicts(
    study: Study, executor: Executor, questions: Sequence[Question], given: Output[Sequence[Reply]]
) -> Output[Sequence[bool | None]]:
    """Grade replies as those of an exam; None where there is no verdict."""
    # The grades are joined by the id of the question, and a question may have several replies.
    each = [replace(question, id=f"{question.id}/{place}") for place, question in enumerate(questions)]
    answers = [Answer(question=question.id, text=reply.text) for question, reply in zip(each, given.value, strict=True)]
    grades = grade(study, executor, each, Output(value=answers, key=given.key, guess=given.guess))
    passed = [verdict.passed for verdict in grades.value]
    return Output(value=passed, key=grades.key, seconds=grades.seconds, usage=grades.usage, guess=grades.guess)
