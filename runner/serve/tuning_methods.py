"""The methods of fine-tuning jobs: which settings stand for `auto`, and what a training process is given."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from runner.model.huggingface import HuggingFace
from runner.refine.dpo import PreferenceOptimisation
from runner.serve.json_store import JsonObject
from runner.tuner.full import FullTuning
from runner.tuner.lora import Lora

JobTuner: TypeAlias = Lora | FullTuning  # the tuners of fine-tuning jobs: those that train on this machine

SUPERVISED, DPO = "supervised", "dpo"


@dataclass(frozen=True, kw_only=True)
class TuningTask:
    """The input of a training process.

    The checkpoint of step N goes to folder/step-N.
    """

    model: HuggingFace
    file: Path
    tuner: JobTuner
    preferences: PreferenceOptimisation | None = None  # of a job whose file holds pairs
    seed: int
    folder: Path


@dataclass(frozen=True)
class Trainers:
    """The server's own settings of a training, by method."""

    tuner: JobTuner
    preferences: PreferenceOptimisation

    def refusal(self, model: HuggingFace) -> str:
        """Say why a model can't be tuned on; empty if it can."""
        # An adapter is kept without the weights that it was trained beside, and would be loaded with those of the base model.
        if model.tuned and isinstance(self.tuner, Lora) and not (Path(model.tuned) / "adapter_config.json").exists():
            return "was tuned in all its weights, and this server trains adapters. Start it with --tuner full"
        return ""

    def completed(self, method: str, given: Mapping[str, float | str], count: int) -> JsonObject:
        """Replace `auto` among hyper-parameters.

        `count` is the number of examples, or pairs, in the file.
        """
        own = self.preferences if method == DPO else self.tuner
        # A batch can't hold more examples than the file.
        usual = {"n_epochs": own.epochs, "batch_size": min(own.batch, count), "learning_rate_multiplier": 1.0}
        usual["beta"] = self.preferences.beta
        return {name: usual[name] if value == "auto" else value for name, value in given.items()}

    def task(self, job: JsonObject, model: HuggingFace, file: Path, folder: Path) -> TuningTask:
        """Return what the training process of a job is given."""
        method, chosen = job["method"]["type"], hyperparameters(job)
        own = self.preferences if method == DPO else self.tuner
        rate = own.rate * chosen["learning_rate_multiplier"]
        tuner = replace(self.tuner, epochs=chosen["n_epochs"], batch=chosen["batch_size"], rate=rate)
        preferences = replace(self.preferences, beta=chosen["beta"]) if method == DPO else None
        return TuningTask(model=model, file=file, tuner=tuner, preferences=preferences, seed=job["seed"], folder=folder)


def described(method: str, chosen: JsonObject) -> JsonObject:
    """Write a method in the form of OpenAI's API."""
    return {"type": method, method: {"hyperparameters": chosen}}


def hyperparameters(job: JsonObject) -> JsonObject:
    """Return the hyper-parameters of a job."""
    return dict(job["method"][job["method"]["type"]]["hyperparameters"])
