"""Small corpora, parts that answer at once, and a launcher within the process."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from hydra import compose, initialize_config_dir
from hydra.core.hydra_config import HydraConfig
from hydra.core.utils import JobReturn, JobStatus
from omegaconf import DictConfig

from runner.component import component
from runner.config.messages import CONF
from runner.config.study import Study
from runner.data.records import Prompt, Reply, Tuning, digest
from runner.data.training import Supervised
from runner.pipeline.tracking import tracked_run
from runner.terminal.progress import progress
from tests import given
from tests.comparison.given import sheet


@component
class QuickModel:
    """A model that answers every question alike, and that tuning leaves as it is."""

    name: ClassVar[str] = "quick"

    def check(self) -> None:
        """Accept."""

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """Answer Ada."""
        yield from ((place, Reply(text="Ada")) for place in range(len(prompts)))

    def tuned_in(self, folder: Path) -> "QuickModel":
        """Return itself."""
        return self


@component
class QuickTuner:
    """A tuner that trains nothing."""

    tunes: ClassVar[type] = QuickModel
    rate: float

    def tune(self, model: QuickModel, examples: Sequence[Supervised], seed: int, folder: Path) -> Tuning:
        """Fail where the rate is 0."""
        if not self.rate:
            raise ValueError("the rate is 0")
        return Tuning(losses=(1.0,), tokens=len(examples), seconds=0.1)


@component
class PatientTuner:
    """A tuner that waits in the middle of a training until a file is there."""

    tunes: ClassVar[type] = QuickModel
    file: str

    def tune(self, model: QuickModel, examples: Sequence[Supervised], seed: int, folder: Path) -> Tuning:
        """Train after the wait."""
        with progress("tuning", 4) as advance:
            advance()
            until = time.monotonic() + 600
            while not Path(self.file).exists():
                assert time.monotonic() < until
                time.sleep(0.05)
        return Tuning(losses=(1.0,), tokens=len(examples), seconds=0.1)


@component
class SkilledModel:
    """A model that knows the answers of a share of the questions."""

    name: ClassVar[str] = "skilled"
    skill: float

    def check(self) -> None:
        """Accept."""

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """Answer Ada where the question is among those that it knows."""
        for place, prompt in enumerate(prompts):
            share = int(digest(prompt.messages[-1].content), 16) % 1000 / 1000
            yield place, Reply(text="Ada" if share < self.skill else "Bea")

    def tuned_in(self, folder: Path) -> "SkilledModel":
        """Read the skill that tuning gave."""
        return SkilledModel(skill=float((folder / "skill").read_text()))


@component
class SkilledTuner:
    """A tuner whose trainings differ in the skill that they give."""

    tunes: ClassVar[type] = SkilledModel
    skill: float
    spread: float

    def tune(self, model: SkilledModel, examples: Sequence[Supervised], seed: int, folder: Path) -> Tuning:
        """Write the skill: every second seed gives more of it."""
        (folder / "skill").write_text(str(self.skill + self.spread * (-1) ** seed))
        return Tuning(losses=(2.0, 0.1), tokens=len(examples), seconds=0.1)


def corpus(root: Path, *questions: str) -> list[str]:
    """Write an exam of these questions, under a title that other such folders share; return overrides."""
    (root / "documents").mkdir(parents=True)
    (root / "documents" / "cup.md").write_text("# Cup\n\nAda won.\n")
    (root / "exam.jsonl").write_text("".join(json.dumps({"question": asked, "answer": "Ada"}) + "\n" for asked in questions))
    labels = [{"question": f"Tell me: {asked.lower()}", "answer": "Ada", "section": "cup.md#Cup"} for asked in questions]
    (root / "labels.jsonl").write_text("".join(json.dumps(label) + "\n" for label in labels))
    return ["corpus=folder", f"corpus.path={root}", "corpus.title=cup"]


def quick(folder: Path, uri: str) -> list[str]:
    """Write choices for the quick parts; return overrides of a run of two questions that takes a second."""
    own = _own(folder, uri, model="QuickModel", tuner="QuickTuner\nrate: 1.0")
    return [*own, *corpus(folder / "docs", "Who won?", "Who lost?")]


def waiting(folder: Path, uri: str) -> list[str]:
    """Write choices for the quick parts with a tuner that waits for the file `go`; return overrides."""
    own = _own(folder, uri, model="QuickModel", tuner=f"PatientTuner\nfile: {folder}/go")
    return [*own, *corpus(folder / "docs", "Who won?", "Who lost?")]


def skilled(folder: Path, uri: str) -> list[str]:
    """Write choices for the skilled parts; return overrides of a run of 30 questions."""
    own = _own(folder, uri, model="SkilledModel\nskill: 0.0", tuner="SkilledTuner\nskill: 1.0\nspread: 0.0")
    return [*own, "baseline=base", "recall=0", *corpus(folder / "docs", *(f"Who won cup {number}?" for number in range(30)))]


def _own(folder: Path, uri: str, **parts: str) -> list[str]:
    for group, settings in parts.items():
        (folder / "mine" / group).mkdir(parents=True)
        (folder / "mine" / group / "quick.yaml").write_text(f"_target_: tests.sweep.given.{settings}\n")
    chosen = ["model=quick", "tuner=quick", "method=human", "retriever=lexical", "retention=none"]
    return [f"hydra.searchpath=[file://{folder}/mine]", f"store={folder}/store", f"tracker.uri={uri}", *chosen]


def study(uri: str, folder: Path, *overrides: str) -> Study:
    """Return a study whose baseline and tuned arm are tracked as if they had taken the exam."""
    tracked = given.study("baseline=base", *overrides, f"tracker.uri={uri}", f"store={folder}/store")
    for name, grades in (("base", "--"), ("tuned", "+-")):
        with tracked_run(tracked, name, None) as run:
            if not run.finished:
                run.table("answers", sheet(grades))
    return tracked


@contextmanager
def composed(*overrides: str) -> Iterator[DictConfig]:
    """Compose the config that Hydra gives to a sweeper; points can be composed while the block lasts."""
    with initialize_config_dir(str(CONF), version_base="1.3"):
        yield compose("config", overrides=list(overrides), return_hydra_config=True)


def point(*overrides: str) -> DictConfig:
    """Compose one point."""
    with composed(*overrides) as config:
        return config


class Launcher:
    """Launches jobs one after the other in this process; `jobs` holds task, first number and points of each launch."""

    def __init__(self, config: DictConfig, before: Callable[[], None] = lambda: None) -> None:
        """Call `before` ahead of each job."""
        self.own, self.before = list(config.hydra.overrides.hydra), before
        self.jobs: list[tuple[Any, int, list[list[str]]]] = []

    def __call__(self, points: Sequence[Sequence[str]], first: int, task: Callable[[DictConfig], Any]) -> list[JobReturn]:
        """Run a job for each point."""
        self.jobs.append((task, first, [list(overrides) for overrides in points]))
        return [self._run(number, overrides, task) for number, overrides in enumerate(points, start=first)]

    def _run(self, number: int, overrides: Sequence[str], task: Callable[[DictConfig], Any]) -> JobReturn:
        self.before()
        own = [*self.own, f"hydra.job.num={number}"]
        config = compose("config", overrides=[*own, *overrides], return_hydra_config=True)
        HydraConfig.instance().set_config(config)
        done = JobReturn(overrides=list(overrides))
        done.return_value, done.status = task(config), JobStatus.COMPLETED
        return done
