"""A composed config to a Study: every component built and checked against its schema, all faults told at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf

from runner.baseline import Baseline
from runner.component import identity
from runner.config.build import check_values, part, validated
from runner.config.messages import HERE, strays
from runner.corpus import Corpus
from runner.data.records import Knowledge, Material, digest
from runner.errors import Fault
from runner.grader import Grader
from runner.method import Method
from runner.metric import Metric
from runner.model import Model, Tunable
from runner.retention import Retention
from runner.retriever import Retriever
from runner.size import Size
from runner.spending.budget import Budget, Purse
from runner.spending.usage import Metered, Price, Prices, hosted
from runner.store.local import Finished, Store
from runner.tracker import Tracker
from runner.tuner import Tuner

GROUPS = ("corpus", "model", "teacher", "judge", "method", "size", "tuner", "retriever", "grader", "retention", "tracker")
SEVERAL = ("baseline", "metric")
SEEDS = ("seed", "seeds", "subset_seed", "training_seed", "generation_seed")
BESIDE = ("instruction", "reply_tokens", "record", "preview", "parent")
VALUES = ("subset_seed", "training_seed", "seeds", "error", "near", "recall", *BESIDE)
NEEDS = {
    "load": "model: this one can't be tuned here, only asked. Choose model=smollm2 or model=huggingface, or tuner=hosted",
    "client": "model: this one has no host that could tune it. Choose model=openai, or tuner=lora",
}

OmegaConf.register_new_resolver("shipped", lambda path: str(HERE / path), replace=True)


@dataclass(frozen=True)
class Study:
    """One point of a sweep, built: the components, the values beside them, and what was chosen, for people."""

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
    subset_seed: int
    training_seed: int
    seeds: int
    error: float
    near: float
    recall: int
    instruction: str
    reply_tokens: int
    budget: Budget
    prices: Prices
    folder: Path
    record: str | None
    preview: bool
    parent: str | None
    choices: Mapping[str, str]
    settings: Mapping[str, str]
    config: str

    @cached_property
    def material(self) -> Material:
        """The corpus, read once."""
        return self.corpus.read()

    @property
    def seeds_of_training(self) -> range:
        """The seed of each training of a tuned arm."""
        return range(self.training_seed, self.training_seed + self.seeds)

    @cached_property
    def knowledge(self) -> Knowledge:
        """The general questions, the pairs to replay and the page, read once."""
        return self.retention.read()

    @cached_property
    def store(self) -> Store:
        """The store, opened at first use; in a preview, one that makes nothing."""
        return Finished(self.folder) if self.preview else Store(self.folder)

    def title(self, arm: str) -> str:
        """What people call an arm: a tuned one by its method and size."""
        return f"{self.choices['method']} {self.size.name}" if arm == "tuned" else arm

    def asking(self, model: Model) -> Metered:
        """A model as stages ask it: replies are kept, none is paid for past the budget, and what is asked is counted."""
        return Metered(self.store.remember(model, Purse(self.budget, self.prices).ask), model)

    def key(self, arm: str) -> str:
        """The hash of all that decides an arm's numbers: `tuned`, or the name of a baseline."""
        material = self.material
        made_of: dict[str, Any] = {
            "arm": arm,
            "model": identity(self.model),
            "grader": identity(self.grader),
            "judge": identity(self.judge) if self.grader.asks else None,
            "metric": {name: identity(metric) for name, metric in self.metric.items()},
            "questions": material.questions,
        }
        if arm in self.baseline:
            searched = self.baseline[arm].retrieves
            made_of["baseline"] = identity(self.baseline[arm])
            made_of["searched"] = [identity(self.retriever), material.sections] if searched else None
        else:
            made_of |= {name: identity(getattr(self, name)) for name in ("method", "size", "tuner")}
            made_of |= {"teacher": identity(self.teacher) if self.method.asks else None, "retention": identity(self.retention)}
            made_of |= {
                "seeds": [self.subset_seed, *self.seeds_of_training],
                "knowledge": self.knowledge,
                "asked": [self.near, self.recall],
            }
            made_of |= {"material": material, "instruction": self.instruction, "reply_tokens": self.reply_tokens}
            made_of["baselines"] = {name: self.key(name) for name in self.baseline}
        return digest(made_of)

    @property
    def finished(self) -> bool:
        """Whether the tuned arm was finished before, so that nobody is asked anything for it."""
        row = self.tracker.find(self.corpus.name, self.key("tuned"))
        return row is not None and row.status == "FINISHED"

    def check(self) -> None:
        """Raise a Fault, before anything is paid for, where a model could not answer or general questions are amiss."""
        asked = [self.model, *([self.teacher] if self.method.asks else []), *([self.judge] if self.grader.asks else [])]
        faults = list[str]()
        purse = Purse(self.budget, self.prices)
        checks: list[Callable[[], None]] = [self._check_knowledge, *(model.check for model in asked)]
        checks += [partial(purse.check, model) for model in asked]
        tuner: Any = self.tuner
        if hasattr(tuner, "check"):
            checks.append(partial(tuner.check, self.model))
        if hosted(tuner):
            checks.append(partial(purse.check_tuning, self.model, tuner.epochs))
        for check in checks:
            try:
                check()
            except Fault as fault:
                faults.append(str(fault))
        if faults:
            raise Fault("\n".join(dict.fromkeys(faults)))

    def _check_knowledge(self) -> None:
        pairs = self.knowledge.replay
        if self.tuner.replay and not pairs:
            raise Fault(
                f"tuner.replay={self.tuner.replay:g}: retention={self.choices['retention']} has no pairs to mix in. Write "
                "replay.jsonl into the folder retention.path, or choose retention=general, or tuner.replay=0"
            )


def build(cfg: DictConfig, choices: Mapping[str, Any], overrides: Sequence[str]) -> Study:
    """Instantiate every component; all that is wrong with any of them is told in one Fault."""
    faults = strays(cfg)
    parts: dict[str, Any] = {group: part(cfg, group, faults) for group in GROUPS}
    for group in SEVERAL:
        names = list(cfg[group] or {}) if OmegaConf.is_dict(cfg.get(group)) else []
        parts[group] = {name: part(cfg, f"{group}.{name}", faults) for name in names}
    needs = getattr(parts["tuner"], "needs", "load")
    if None not in (parts["model"], parts["tuner"]) and not hasattr(parts["model"], needs):
        faults.append(NEEDS[needs])
    values = {name: cfg.get(name) for name in VALUES}
    for name, kind in (("budget", Budget), ("prices", dict[str, Price])):
        parts[name] = validated(cfg, name, kind, faults)
    check_values(cfg, values, faults)
    if faults:
        raise Fault("\n".join(faults))
    return Study(
        **parts,
        **values,
        folder=Path(cfg.store),
        choices={str(group): _words(choice) for group, choice in choices.items()},
        settings=_settings(cfg, overrides, parts),
        config=OmegaConf.to_yaml(OmegaConf.masked_copy(cfg, [str(key) for key in cfg if key != "hydra"]), resolve=True),
    )


def _words(choice: Any) -> str:
    return "+".join(map(str, choice)) or "none" if isinstance(choice, (list, tuple)) else str(choice)


def _settings(cfg: DictConfig, overrides: Sequence[str], parts: Mapping[str, Any]) -> dict[str, str]:
    """The overrides that set a value rather than choose from a group, and that decide what comes out.

    A number is told as the one that it is (0.001), however it was written (1e-3).
    """
    pairs = (override.lstrip("+~").split("=", 1) for override in overrides if "=" in override)
    found = {name: (OmegaConf.select(cfg, name), text) for name, text in pairs if _decides(name, parts)}
    return {name: str(value) if type(value) in (int, float) else text for name, (value, text) in found.items()}


def _decides(name: str, parts: Mapping[str, Any]) -> bool:
    group, _, field = name.partition(".")
    if not field:
        return name in {*SEEDS, "near", "recall", "instruction", "reply_tokens"}
    return group in (*GROUPS, *SEVERAL) and field not in (*getattr(parts.get(group), "incidental", ()), "path")
