"""A student that draws given answers, and a tuner that notes what it is to learn."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

from runner.component import identified
from runner.config.study import Study
from runner.data.records import Labelling, Prompt, Question, Reply, Subset, Tuning
from runner.data.training import Supervised
from runner.model import Tunable
from runner.pipeline.answer import untuned
from runner.pipeline.executor import Executor
from runner.pipeline.refining import refined
from runner.pipeline.results import Checkpoint, Output
from runner.pipeline.store_executor import StoreExecutor
from runner.pipeline.training import train
from runner.refine.dpo import PreferenceOptimisation
from tests.given import label

DPO = PreferenceOptimisation(
    samples=4, temperature=1.0, chosen="own", prompt="{passage} {question}", beta=0.1, epochs=1, batch=2, rate=1e-4
)
LABELS = tuple(
    label(f"What is pin {number}?", answer=f"{number}", section="chip.md#Pins", fact=f"Pin {number}") for number in range(4)
)


@identified
@dataclass
class Student:
    """A model that answers by a script; each drawn answer is the next one of those that are given."""

    incidental: ClassVar[frozenset[str]] = frozenset({"answers", "asked", "tuned"})

    answers: tuple[str, ...]  # {n} is the number in the question
    tuned: str = ""
    name: str = "student"
    asked: list[tuple[str, Prompt]] = field(default_factory=list)  # by whom: ask or draw

    def check(self) -> None:
        """It can always answer."""

    def tuned_in(self, folder: Path) -> "Student":
        """The same student, which knows where its weights are."""
        return replace(self, tuned=str(folder))

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """Answer with the number in the question."""
        for place, prompt in enumerate(prompts):
            self.asked.append(("ask", prompt))
            yield place, Reply(text="".join(filter(str.isdigit, prompt.messages[-1].content)), finish="stop")

    def draw(self, prompts: Sequence[Prompt], temperature: float, seed: int) -> Iterator[tuple[int, Reply]]:
        """Answer with the next of the given answers."""
        for place, prompt in enumerate(prompts):
            self.asked.append(("draw", prompt))
            text = self.answers[place % len(self.answers)]
            number = "".join(filter(str.isdigit, prompt.messages[-1].content))
            yield place, Reply(text=text.replace("{n}", number).rstrip("…"), finish="length" if text.endswith("…") else "stop")


@identified
@dataclass
class PractisingTuner:
    """A tuner that notes what it is given and trains nothing."""

    incidental: ClassVar[frozenset[str]] = frozenset({"given"})

    epochs: int = 3
    steps: int | None = None
    batch: int = 8
    rate: float = 1e-3
    given: list[tuple[Any, list[Supervised], Any]] = field(default_factory=list)  # the tuner, the examples, the model

    def tune(self, model: Tunable, examples: Sequence[Supervised], seed: int, folder: Path) -> Tuning:
        """Note the examples."""
        self.given.append((self, list(examples), model))
        return Tuning(losses=(2.0, 1.0), tokens=7, seconds=0.5)

    def tune_for(
        self, objective: Callable[[Any], Any], model: Tunable, examples: Sequence[Supervised], seed: int, folder: Path
    ) -> Tuning:
        """Note the examples."""
        return self.tune(model, examples, seed, folder)


def practising(study: Study, *answers: str, **changed: Any) -> Study:
    """The study with a student that draws these answers."""
    parts = {"model": Student(answers=answers or ("{n}", "x", "y", "{n}")), "tuner": PractisingTuner(), "refine": DPO}
    return replace(study, **{**parts, **changed})


def tuned(study: Study, executor: Executor | None = None) -> Output[Checkpoint]:
    """The untuned model, trained on the labels."""
    return train(study, executor or StoreExecutor(study), untuned(study), Output(value=Subset(labels=LABELS)), 0)


def after(study: Study, executor: Executor | None = None) -> Output[Checkpoint]:
    """The checkpoint after tuning and refining."""
    executor = executor or StoreExecutor(study)
    return refined(study, executor, tuned(study, executor), Labelling(labels=LABELS), Subset(labels=LABELS), 0)


def learned(study: Study) -> list[tuple[str, str]]:
    """The questions and replies of the last training."""
    return [(prompt.messages[-1].content, reply) for prompt, reply in study.tuner.given[-1][1]]


def question(number: int, **more: str) -> Question:
    """A practice question."""
    usual = {"question": f"Which is pin {number}?", "answer": f"{number}", "category": "pins", "section": "chip.md#Pins"}
    return Question(id=f"p{number}", **{**usual, **more})
