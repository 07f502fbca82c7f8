"""A fine-tuning job in, the ended job out: created once, and waited for."""

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from runner.errors import Fault
from runner.hosts.jobs import Note, patiently
from runner.hosts.reasons import reason
from runner.terminal.progress import progress

# The functions import openai themselves: see `jobs`.
if TYPE_CHECKING:
    from openai import OpenAI as Client
    from openai.types.fine_tuning import FineTuningJob as Job

log = logging.getLogger("runner")

OPEN = ("validating_files", "queued", "running", "pausing", "paused", "resuming")  # states of a job that has not ended
ABSENT = "file-none"  # the id of no file
OF_METHOD = ("method", "model", "hyperparameters")  # fields of a request that say what is to be done, and not with which file


@dataclass(frozen=True, kw_only=True)
class JobRequest:
    """The parts of a job."""

    model: str  # the id of the model that it begins with
    file: bytes
    method: Mapping[str, Any]  # as the API writes it: type, and the hyper-parameters under its name
    seed: int
    suffix: str | None  # a word for the name of the tuned model


@dataclass(frozen=True)
class Waiting:
    """Settings of the wait for a job."""

    poll: float  # seconds between two requests for its state
    cancel: bool  # Ctrl-C cancels it; else it goes on, and the next run waits for it
    reads_first: bool  # the host must have read a file before a job may have it


def ended_job(client: "Client", note: Note, request: JobRequest, waiting: Waiting) -> "Job":
    """Have a job done, and return it.

    The noted one is waited for; without one it is created. Raise a Fault if it ended without a model.
    """
    job = _wait(client, _job(client, note, request, waiting), note, waiting)
    if job.status != "succeeded" or not job.fine_tuned_model:
        note.forget()  # else the next run would find the same failed job
        why = job.error.message if job.error else "the host gives no reason"
        raise Fault(f"the fine-tuning job {job.id} ended as {job.status}: {why}. Run again to start another")
    return job


def losses(client: "Client", job: str) -> tuple[float, ...]:
    """Return the loss of each step that the host reports."""
    steps = sorted(_steps(client, job, every=True), key=lambda step: step["step"])
    return tuple(float(step["train_loss"]) for step in steps)


def refused_method(client: "Client", model: str, method: Mapping[str, Any]) -> str:
    """Return a host's reason for refusing a method; empty if it gives none.

    Nothing is begun, and nothing costs: a job is asked for whose file there is not. A host that has the method complains of the
    file alone.
    """
    import openai

    try:
        jobs = client.with_options(max_retries=0).fine_tuning.jobs
        made = jobs.create(model=model, training_file=ABSENT, method=_typed(method))
        jobs.cancel(made.id)
    except openai.APIStatusError as error:
        # By the field that is wrong, and not by the words. Whatever else is wrong, other checks say.
        return reason(error.body) or "without a reason" if (error.param or "").split(".")[0] in OF_METHOD else ""
    except openai.APIError:
        return ""
    return ""


def _job(client: "Client", note: Note, request: JobRequest, waiting: Waiting) -> "Job":
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
        note.write(file=client.files.create(file=("examples.jsonl", request.file), purpose="fine-tune").id)
    # Azure must read a file before a job may have it. OpenAI reads it as the first step of the job.
    if waiting.reads_first and not job:
        _read_by_host(client, known["file"], waiting.poll)
    job = job or _create(client, request, known["file"])
    note.write(job=job.id)
    return job


def _read_by_host(client: "Client", file: str, poll: float) -> None:
    try:
        client.files.wait_for_processing(file, poll_interval=poll)
    except RuntimeError as error:  # of the client, which waits for half an hour
        raise Fault(
            f"{client.base_url} did not read the fine-tuning file {file} ({error}). The same command waits again"
        ) from None


def _create(client: "Client", request: JobRequest, file: str) -> "Job":
    """Create a job with a single request."""
    import openai

    # No retries: where an answer is lost, a second request could start, and cost, a second job. The next run finds the
    # first one by its file.
    return client.with_options(max_retries=0).fine_tuning.jobs.create(
        model=request.model,
        training_file=file,
        method=_typed(request.method),
        seed=request.seed,
        suffix=request.suffix or openai.omit,
    )


def _typed(method: Mapping[str, Any]) -> Any:
    # Any, since openai's type of it is a dict with literal keys.
    return dict(method)


def _wait(client: "Client", job: "Job", note: Note, waiting: Waiting) -> "Job":
    """Wait for a job to end, and show its progress.

    Ctrl-C leaves the job to the next run, or cancels it if that is set.
    """
    name, done, advance = job.id, 0, None
    try:
        with ExitStack() as shown:
            while job.status in OPEN:
                time.sleep(waiting.poll)
                job = patiently(lambda: client.fine_tuning.jobs.retrieve(name), waiting.poll)
                # The newest step only: a long job has thousands, and each page of them is a request.
                for step in patiently(lambda: list(_steps(client, name)), waiting.poll)[:1]:
                    advance = advance or shown.enter_context(progress("tuning at the host", step.get("total_steps") or 0))
                    if step["step"] > done:
                        advance(step["step"] - done, loss=step["train_loss"])
                        done = step["step"]
    except KeyboardInterrupt:
        if waiting.cancel:
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
