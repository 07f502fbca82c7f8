"""A student that knows a pin after enough labels on it, its tuner, and a method with eight labels on each of 24 pins."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from pathlib import Path
from typing import Any, ClassVar

from runner.component import identified
from runner.config.study import Study
from runner.data.records import AtomicFact, Labelling, Material, Prompt, Reply, Section, Tuning
from runner.data.training import Supervised
from runner.model import Model
from runner.pipeline.executor import Executor
from runner.pipeline.experiment import trained
from runner.pipeline.labels import label
from runner.pipeline.results import Checkpoint, Output
from runner.pipeline.rounds import with_larger
from runner.pipeline.store_executor import StoreExecutor
from runner.pipeline.subset import draw
from runner.refine.rounds import Rounds
from runner.size.scale import Scale
from tests.given import label as given_label
from tests.given import said

ROUNDS = Rounds(
    rounds=4,
    scale=8,
    practice=2,
    samples=0,
    temperature=1.0,
    sure=0.5,
    add=2,
    replay=0.25,
    prompt="{text}|{fact}|{missed}|{earlier}|{pairs}",
)
ASKED = ("signal", "voltage", "purpose", "colour", "driver", "width", "nickname", "place")  # by position: 1 and 2 are practice
PINS = range(24)
NEEDED = {pin: (1, 3, 5)[pin // 8] for pin in PINS}  # labels until the student knows a pin
SECTION = Section(id="chip.md#Pins", document="chip.md", title="Chip", heading="Pins", category="pins", text="Pins are numbered.")
LABELS = tuple(
    given_label(
        f"Which {word} has pin {pin:02}?",
        answer=f"{pin:02}",
        section=SECTION.id,
        category="pins",
        position=position,
        fact=f"Pin {pin:02}",
        method="fact",
        origin="recorded",
    )
    for pin in PINS
    for position, word in enumerate(ASKED)
)


def pin_in(question: str) -> int:
    """The number in a question."""
    return int("".join(filter(str.isdigit, question)) or -1)


@identified
@dataclass
class Learner:
    """A student that answers by what its tuner wrote into its folder."""

    incidental: ClassVar[frozenset[str]] = frozenset({"asked", "tuned"})

    shaky: tuple[int, ...] = ()  # pins of which drawn answers are wrong
    tuned: str = ""
    name: str = "learner"
    asked: list[tuple[str, str, str]] = field(default_factory=list)  # who asks (ask or draw), the weights, the question

    def check(self) -> None:
        """It can always answer."""

    def tuned_in(self, folder: Path) -> "Learner":
        """The same student with these weights."""
        return replace(self, tuned=str(folder))

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """Answer with the number in the question, where it was learned often enough."""
        yield from self._answers("ask", prompts, ())

    def draw(self, prompts: Sequence[Prompt], temperature: float, seed: int) -> Iterator[tuple[int, Reply]]:
        """Answer as `ask` does, but wrongly on shaky pins."""
        yield from self._answers("draw", prompts, self.shaky)

    def _answers(self, who: str, prompts: Sequence[Prompt], shaky: tuple[int, ...]) -> Iterator[tuple[int, Reply]]:
        learned = json.loads((Path(self.tuned) / "learned.json").read_text()) if self.tuned else []
        for place, prompt in enumerate(prompts):
            pin = pin_in(said(prompt))
            self.asked.append((who, self.tuned, said(prompt)))
            known = len({text for text in learned if pin_in(text) == pin}) >= NEEDED.get(pin, 0) and pin not in shaky
            yield place, Reply(text=f"{pin:02}" if known else "x", finish="stop")


@identified
@dataclass
class LearningTuner:
    """A tuner that writes down what was learned; it may teach nothing, or break what was known, after the first training."""

    incidental: ClassVar[frozenset[str]] = frozenset({"given", "trainings"})

    on: str = "learns"  # or: nothing, forgets
    batch: int = 8
    steps: int | None = None
    trainings: int = 99  # after so many it is killed
    given: list[tuple[list[Supervised], str, int | None]] = field(default_factory=list)  # examples, earlier weights, steps

    def tune(self, model: Learner, examples: Sequence[Supervised], seed: int, folder: Path) -> Tuning:
        """Add the examples to what the earlier weights hold."""
        if len(self.given) == self.trainings:
            raise KeyboardInterrupt
        self.given.append((list(examples), model.tuned, self.steps))
        before = json.loads((Path(model.tuned) / "learned.json").read_text()) if model.tuned else []
        now = [said(prompt) for prompt, _ in examples]
        learned = {"learns": [*before, *now], "nothing": before, "forgets": []}[self.on] if model.tuned else now
        (folder / "learned.json").write_text(json.dumps(learned))
        return Tuning(losses=(1.0,) * (self.steps or len(examples)), tokens=len(examples), seconds=0.5)


@identified
@dataclass
class ListedBySize:
    """A method that returns given labels up to a size."""

    asks: ClassVar[bool] = True
    questions: ClassVar[bool] = True

    labels: tuple[Any, ...] = LABELS

    def label(self, material: Material, teacher: Model, scale: float) -> Labelling:
        """Return the labels below the scale, in fours: a request brings so many."""
        facts = tuple(AtomicFact(section=SECTION.id, text=f"Pin {pin:02}", category="pins") for pin in PINS)
        return Labelling(labels=tuple(each for each in self.labels if each.position < 4 * ceil(scale / 4)), facts=facts)


def rounding(study: Study, **changed: Any) -> Study:
    """The study with the learner at 1x; `refine` are other settings of the rounds."""
    refine = replace(ROUNDS, **changed.pop("refine", {}))
    parts = {"model": Learner(), "tuner": LearningTuner(), "method": ListedBySize(), "size": Scale(scale=1), "refine": refine}
    choices = {**study.choices, "refine": "rounds", "method": "fact", "size": "1x"}
    changed_study = replace(study, choices=choices, **{**parts, **changed})
    material = replace(study.material, sections=(SECTION,), grades=())
    vars(changed_study).update(source=study.source, exam_set=study.exam_set, material=material)
    return changed_study


def after(study: Study, executor: Executor | None = None) -> Output[Checkpoint]:
    """The checkpoint after tuning and all rounds, as an experiment makes it."""
    executor = executor or StoreExecutor(study)
    labelling = label(study, executor)
    subset = draw(study, labelling)
    return trained(study, executor, with_larger(study, executor, labelling), subset, 0)


def taught(study: Study, number: int) -> list[str]:
    """The questions of a training."""
    return [said(prompt) for prompt, _ in study.tuner.given[number][0]]
