"""Tuning at a host: examples in, the tuned model's id out.

No job is paid for twice: it is noted on disk before it is waited for.
"""

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt

from runner.component import component, identified, identity
from runner.data.local_folder import local_folder
from runner.data.records import Tuning, digest
from runner.data.training import Preference, Supervised
from runner.errors import Fault
from runner.hosts.chat_lines import check, lines, tokens, usual_epochs
from runner.hosts.jobs import Note, faults
from runner.hosts.preference_lines import check_preferences, preference_lines
from runner.hosts.tuning_job import JobRequest, Waiting, ended_job, losses, refused_method
from runner.model import HostTunable, Model
from runner.tuner.azure import Deployment

if TYPE_CHECKING:
    from openai import OpenAI as Client

Auto = Literal["auto"]


@component
class Hosted:
    """Supervised fine-tuning by OpenAI's API."""

    # Where jobs are noted and how they are waited for changes no weights; and a deployed model answers as any other.
    incidental: ClassVar[frozenset[str]] = frozenset({"folder", "poll", "cancel", "example_tokens", "file_bytes", "deployment"})
    later: ClassVar[frozenset[str]] = frozenset({"model"})
    former: ClassVar[Mapping[str, Any]] = {"replay": 0.0}  # now keep=replay
    tunes: ClassVar[type] = HostTunable

    folder: str  # of notes on jobs and deployments
    model: str | None = None  # None is the student itself; Azure's students are deployments, which can't be tuned
    epochs: PositiveInt | Auto
    batch: PositiveInt | Auto
    rate: PositiveFloat | Auto
    suffix: Annotated[str, Field(max_length=64)] | None = None  # the longest that the API takes
    poll: NonNegativeFloat
    cancel: bool
    example_tokens: PositiveInt
    file_bytes: PositiveInt
    deployment: Deployment | None = None

    def check(self, model: HostTunable) -> None:
        """Raise a Fault if this key may not tune."""
        if self.deployment:
            self.deployment.check()
        with model.client() as client, faults(client, f"{model.name}: tuning is not offered to this key"):
            # The cheapest request that needs the same permission as tuning.
            client.fine_tuning.jobs.list(limit=1)

    def tokens(self, examples: Sequence[Supervised]) -> tuple[int, int]:
        """Estimate the tokens charged for: about, and at most."""
        # With auto OpenAI's published rule is taken. Other hosts may choose otherwise, hence no budget accepts auto.
        epochs = usual_epochs(len(examples)) if self.epochs == "auto" else self.epochs
        about, most = tokens(examples)
        return epochs * about, epochs * most

    def begun(self, model: HostTunable, examples: Sequence[Supervised], seed: int) -> bool:
        """Return true if an earlier run paid for this job."""
        return _begun(self, self.folder, model, lines(examples), seed)

    def deployed(self, tuned: HostTunable, student: Model) -> AbstractContextManager[Any]:
        """Open the tuned model, deployed if its host needs that."""
        if not self.deployment:
            return nullcontext(tuned)
        return self.deployment.around(tuned, student.name, local_folder(self.folder))

    def tune(self, model: HostTunable, examples: Sequence[Supervised], seed: int, folder: Path) -> Tuning:
        """Tune at the host, and write folder/model.json with the id.

        A job that an earlier run began is waited for, and not begun again.
        """
        file = lines(examples)
        check(file, self.example_tokens, self.file_bytes)
        chosen = {"n_epochs": self.epochs, "batch_size": self.batch, "learning_rate_multiplier": self.rate}
        return _tuned(self, self, model, self.request(self.model or model.name, file, "supervised", chosen, seed), folder)

    def preferring(self, hyperparameters: Mapping[str, float]) -> "HostedPreferences":
        """Return the tuner of jobs that train on preferences."""
        # The multiplier of the learning rate is this tuner's: a learning rate itself is nothing that a host takes.
        return HostedPreferences(self, {**hyperparameters, "learning_rate_multiplier": self.rate})

    def request(self, model: str, file: bytes, method: str, hyperparameters: Mapping[str, Any], seed: int) -> JobRequest:
        """Return what a job is made of."""
        described = {"type": method, method: {"hyperparameters": dict(hyperparameters)}}
        return JobRequest(model=model, file=file, method=described, seed=seed, suffix=self.suffix)


# Not a @component: no yaml names it. A tuned model is tuned on by it, with the pairs of a refinement.
@identified
@dataclass(frozen=True)
class HostedPreferences:
    """Direct preference optimisation by OpenAI's API.

    Examples are rows: each preferred reply is followed by the rejected one.
    """

    tunes: ClassVar[type] = HostTunable

    host: Hosted
    hyperparameters: Mapping[str, float | str]  # by the names of the API

    @property
    def epochs(self) -> int | str:
        """The number of epochs."""
        return int(self.hyperparameters["n_epochs"])

    def check(self, model: HostTunable) -> None:
        """Raise a Fault if the host offers no such jobs."""
        base, method = self.host.model or model.name, self.host.request("", b"", "dpo", self.hyperparameters, 0).method
        with model.client() as client:
            if reason := refused_method(client, base, method):
                # Some servers send the key back in their message.
                reason = reason.replace(client.api_key, "***").rstrip(".")
                raise Fault(
                    f"{client.base_url} does not train {base} on preferences: {reason}. Choose refine=none, a model for which "
                    "the host offers direct preference optimisation, or tuner=lora with a model of this machine"
                )

    def tokens(self, examples: Sequence[Supervised]) -> tuple[int, int]:
        """Estimate the tokens charged for: about, and at most."""
        # Hosts do not say whether a prompt counts once or with each of its replies. So that no budget is passed: twice.
        about, most = tokens(examples)
        return int(self.epochs) * about, int(self.epochs) * most

    def begun(self, model: HostTunable, examples: Sequence[Supervised], seed: int) -> bool:
        """Return true if an earlier run paid for this job."""
        return _begun(self, self.host.folder, model, preference_lines(_pairs(examples)), seed)

    def deployed(self, tuned: HostTunable, student: Model) -> AbstractContextManager[Any]:
        """Open the tuned model, deployed if its host needs that."""
        return self.host.deployed(tuned, student)

    def tune(self, model: HostTunable, examples: Sequence[Supervised], seed: int, folder: Path) -> Tuning:
        """Tune a model on, as `Hosted.tune` does."""
        file = preference_lines(_pairs(examples))
        check_preferences(file, self.host.example_tokens, self.host.file_bytes)
        request = self.host.request(model.name, file, "dpo", self.hyperparameters, seed)
        return _tuned(self.host, self, model, request, folder)


def _pairs(examples: Sequence[Supervised]) -> list[Preference]:
    return [
        Preference(preferred.prompt, preferred.reply, rejected.reply)
        for preferred, rejected in zip(examples[0::2], examples[1::2], strict=True)
    ]


def _note(tuner: Hosted | HostedPreferences, folder: str, client: "Client", model: HostTunable, file: bytes, seed: int) -> Note:
    # Everything that makes it another job, such as another host or other examples.
    inputs = [str(client.base_url), model.name, identity(tuner), hashlib.sha256(file).hexdigest(), seed]
    return Note(local_folder(folder) / f"{digest(inputs)}.json")


def _begun(tuner: Hosted | HostedPreferences, folder: str, model: HostTunable, file: bytes, seed: int) -> bool:
    with model.client() as client:
        return "job" in _note(tuner, folder, client, model, file, seed).known


def _tuned(host: Hosted, tuner: Hosted | HostedPreferences, model: HostTunable, request: JobRequest, folder: Path) -> Tuning:
    """Have a job done; write the model's id."""
    began = time.monotonic()
    waiting = Waiting(host.poll, host.cancel, reads_first=host.deployment is not None)
    with model.client() as client, faults(client, f"{model.name}: tuning at the host failed"):
        note = _note(tuner, host.folder, client, model, request.file, request.seed)
        job = ended_job(client, note, request, waiting)
        (folder / "model.json").write_text(json.dumps({"model": job.fine_tuned_model, "job": job.id}), encoding="utf-8")
        steps = losses(client, job.id)
    return Tuning(losses=steps, tokens=job.trained_tokens or 0, seconds=time.monotonic() - began)
