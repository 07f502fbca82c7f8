"""A built study: the components of one point of a sweep and the values beside them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from runner.baseline import Baseline
from runner.component import identity
from runner.config.sections import read_corpus
from runner.config.settings import Settings
from runner.corpus import Corpus
from runner.data.records import GeneralSet, Material, digest
from runner.grader import Grader
from runner.method import Method
from runner.metric import Metric
from runner.model import Model, Tunable
from runner.retention import Retention
from runner.retriever import Retriever
from runner.size import Size
from runner.store import Store
from runner.store.local import LocalStore
from runner.tracker import Tracker
from runner.tuner import Tuner

TUNED = "tuned"  # the arm that is tuned; every other arm has the name of its baseline


@dataclass(frozen=True)
class Study:
    """Everything that one run needs, built and checked.

    `choices` are the names by which people chose each component, `overrides` the settings that they changed and that decide
    numbers, `config` the resolved config as yaml.
    """

    corpus: Corpus
    model: Tunable
    teacher: Model
    judge: Model
    method: Method
    size: Size
    tuner: Tuner
    retriever: Retriever
    baseline: Mapping[str, Baseline]
    grader: Grader
    metric: Mapping[str, Metric]
    retention: Retention
    tracker: Tracker
    settings: Settings
    choices: Mapping[str, str]
    overrides: Mapping[str, str]
    config: str

    @cached_property
    def store(self) -> Store:
        """Return the store; nothing is written before it is used."""
        return LocalStore(Path(self.settings.store))

    @cached_property
    def material(self) -> Material:
        """Read the corpus, or find it as it was read before."""
        # A preview writes nothing, so it keeps nothing either.
        return read_corpus(self.corpus, self.store, keep=not self.settings.preview)

    @cached_property
    def knowledge(self) -> GeneralSet:
        """Read the general questions, the pairs to replay and the page."""
        return self.retention.read()

    @property
    def arms(self) -> list[str]:
        """List the arms of this study, baselines first."""
        return [*self.baseline, TUNED]

    def title(self, arm: str) -> str:
        """Return the name of an arm for people: of the tuned one, method and size."""
        return f"{self.choices['method']} {self.size.name}" if arm == TUNED else arm

    @cached_property
    def judged_by(self) -> dict[str, Any] | None:
        """Return the identity of the judge, or None where the grader asks none."""
        return identity(self.judge) if self.grader.asks else None

    @cached_property
    def taught_by(self) -> dict[str, Any] | None:
        """Return the identity of the teacher, or None where the method asks none."""
        return identity(self.teacher) if self.method.asks else None

    @cached_property
    def _keys(self) -> dict[str, str]:
        return {}

    def key(self, arm: str) -> str:
        """Return the hash of all that decides an arm's numbers."""
        if arm not in self._keys:  # a hash over the whole corpus, which is asked for often
            self._keys[arm] = digest(self._inputs(arm))
        return self._keys[arm]

    def _inputs(self, arm: str) -> dict[str, Any]:
        material = self.material
        inputs: dict[str, Any] = {
            "arm": arm,
            "model": identity(self.model),
            "grader": identity(self.grader),
            "judge": self.judged_by,
            "metric": {name: identity(metric) for name, metric in self.metric.items()},
            "questions": material.questions,
        }
        if arm in self.baseline:
            searched = self.baseline[arm].retrieves
            inputs["baseline"] = identity(self.baseline[arm])
            inputs["searched"] = [identity(self.retriever), material.sections] if searched else None
        else:
            inputs |= {"method": identity(self.method), "size": identity(self.size), "tuner": identity(self.tuner)}
            inputs |= {"teacher": self.taught_by, "retention": identity(self.retention)}
            inputs |= {
                "seeds": [self.settings.subset_seed, *self.settings.training_seeds],
                "knowledge": self.knowledge,
                "asked": [self.settings.near, self.settings.recall],
            }
            inputs |= {"material": material, "instruction": self.settings.instruction, "reply_tokens": self.settings.reply_tokens}
            inputs["baselines"] = {name: self.key(name) for name in self.baseline}
        return inputs

    @property
    def finished(self) -> bool:
        """Return true if the tuned arm was finished before, so that nobody is asked anything for it."""
        row = self.tracker.find(self.corpus.name, self.key(TUNED))
        return row is not None and row.status == "FINISHED"
