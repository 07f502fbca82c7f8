"""Tuning at a host: examples in, the tuned model's id out.

No job is paid for twice: it is noted on disk before it is waited for.
"""

import hashlib
import json
import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt

from runner.component import component, identity
from runner.data.records import Tuning, digest
from runner.data.training import Supervised
from runner.errors import Fault
from runner.hosts.chat_lines import check, lines, tokens, usual_epochs
from runner.hosts.jobs import Note, faults, patiently
from runner.model import HostTunable, Model
from runner.terminal.progress import progress
from runner.tuner.azure import Deployment

if TYPE_CHECKING:
    from openai import OpenAI as Client
    from openai.types.fine_tuning import FineTuningJob as Job

log = logging.getLogger("runner")

OPEN = ("validating_files", "queued", "running", "pausing", "paused", "resuming")  # states of a job that has not ended
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
        with model.client() as client:
            return "job" in self._note(client, model, lines(examples), seed).known

    def deployed(self, tuned: HostTunable, student: Model) -> AbstractContextManager[Any]:
        """Open the tuned model, deployed if its host needs that."""
        if not self.deployment:
            return nullcontext(tuned)
        return self.deployment.around(tuned, student.name, Path(self.folder).expanduser())

    def tune(self, model: HostTunable, examples: Sequence[Supervised], seed: int, folder: Path) -> Tuning:
        """Tune at the host, and write folder/model.json with the id.

        A job that an earlier run began is waited for, and not begun again.
        """
        file, began = lines(examples), time.monotonic()
        check(file, self.example_tokens, self.file_bytes)
        with model.client() as client, faults(client, f"{model.name}: tuning at the host failed"):
            note = self._note(client, model, file, seed)
            job = self._job(client, note, self.model or model.name, file, seed)
            job = self._wait(client, job, note)
            if job.status != "succeeded" or not job.fine_tuned_model:
                note.forget()  # else the next run would find the same failed job
                why = job.error.message if job.error else "the host gives no reason"
                raise Fault(f"the fine-tuning job {job.id} ended as {job.status}: {why}. Run again to start another")
            (folder / "model.json").write_text(json.dumps({"model": job.fine_tuned_model, "job": job.id}), encoding="utf-8")
            steps = sorted(_steps(client, job.id, every=True), key=lambda step: step["step"])
        losses = tuple(float(step["train_loss"]) for step in steps)
        return Tuning(losses=losses, tokens=job.trained_tokens or 0, seconds=time.monotonic() - began)

    def _note(self, client: "Client", model: HostTunable, file: bytes, seed: int) -> Note:
        # Everything that makes it another job, such as another host or other examples.
        inputs = [str(client.base_url), model.name, identity(self), hashlib.sha256(file).hexdigest(), seed]
        return Note(Path(self.folder).expanduser() / f"{digest(inputs)}.json")

    def _job(self, client: "Client", note: Note, model: str, file: bytes, seed: int) -> "Job":
        """Return the noted job, or create one and note it."""
        known = note.known
        if "job" in known:
            log.info("going on with the fine-tuning job %s", known["job"])
            return client.fine_tuning.jobs.retrieve(known["job"])
        job: Job | None = None
        if "file" in known:
            # A run was killed between creating a job and noting it, or before it created one. The job is found by its file.
            jobs = client.fine_tuning.jobs.list(limit=100)
            job = next((other for other in jobs if other.training_file == known["file"]), None)
        else:
            note.write(file=client.files.create(file=("examples.jsonl", file), purpose="fine-tune").id)
        # Azure must read a file before a job may have it. OpenAI reads it as the first step of the job.
        if self.deployment and not job:
            self._read_by_host(client, known["file"])
        job = job or self._create(client, model, known["file"], seed)
        note.write(job=job.id)
        return job

    def _read_by_host(self, client: "Client", file: str) -> None:
        try:
            client.files.wait_for_processing(file, poll_interval=self.poll)
        except RuntimeError as error:  # of the client, which waits for half an hour
            raise Fault(
                f"{client.base_url} did not read the fine-tuning file {file} ({error}). The same command waits again"
            ) from None

    def _create(self, client: "Client", model: str, file: str, seed: int) -> "Job":
        """Create a job with a single request."""
        import openai

        # No retries: where an answer is lost, a second request could start, and cost, a second job. The next run finds the
        # first one by its file.
        hyperparameters: Any = {"n_epochs": self.epochs, "batch_size": self.batch, "learning_rate_multiplier": self.rate}
        return client.with_options(max_retries=0).fine_tuning.jobs.create(
            model=model,
            training_file=file,
            method={"type": "supervised", "supervised": {"hyperparameters": hyperparameters}},
            seed=seed,
            suffix=self.suffix or openai.omit,
        )

    def _wait(self, client: "Client", job: "Job", note: Note) -> "Job":
        """Wait for a job to end, and show its progress.

        Ctrl-C leaves the job to the next run, or cancels it if `cancel` is set.
        """
        name, done, advance = job.id, 0, None
        try:
            with ExitStack() as shown:
                while job.status in OPEN:
                    time.sleep(self.poll)
                    job = patiently(lambda: client.fine_tuning.jobs.retrieve(name), self.poll)
                    # The newest step only: a long job has thousands, and each page of them is a request.
                    for step in patiently(lambda: list(_steps(client, name)), self.poll)[:1]:
                        advance = advance or shown.enter_context(progress("tuning at the host", step.get("total_steps") or 0))
                        if step["step"] > done:
                            advance(step["step"] - done, loss=step["train_loss"])
                            done = step["step"]
        except KeyboardInterrupt:
            if self.cancel:
                client.fine_tuning.jobs.cancel(name)
                note.forget()
            raise
        return job


def _steps(client: "Client", job: str, every: bool = False) -> Iterator[dict[str, Any]]:
    """Yield the newest steps that the host reports, or all.

    Each has step and train_loss. Some hosts add total_steps.
    """
    page = client.fine_tuning.jobs.list_events(job, limit=100 if every else 20)
    # Iterating over the page itself requests the next pages too.
    for event in page if every else page.data:
        if event.type == "metrics" and isinstance(event.data, dict) and "train_loss" in event.data:
            yield event.data
