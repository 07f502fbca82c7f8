"""Run fine-tuning jobs.

A job leads from an uploaded file to a model that is served. States, events and checkpoints are those of OpenAI's API.
"""

import json
import logging
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import BytesIO
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from openai.types.fine_tuning import FineTuningJob, FineTuningJobEvent
from openai.types.fine_tuning.jobs import FineTuningJobCheckpoint

from runner.errors import Fault
from runner.serve.api_errors import ApiError
from runner.serve.files import TUNING, TUNING_RESULTS, Files
from runner.serve.json_store import JsonObject, JsonStore, lines
from runner.serve.models import Models, Served, damage
from runner.serve.tuning_methods import DPO, Trainers, described, hyperparameters
from runner.serve.tuning_process import (
    PRELOAD,
    CheckpointSaved,
    StepDone,
    TuningDone,
    TuningFailed,
    read_examples,
    read_pairs,
    work,
)

log = logging.getLogger("runner")

OPEN = ("validating_files", "queued", "running")  # the states of a job that has not ended
STOPPED = "the server was stopped while the job was not done. Create it again"


class TunedJob(FineTuningJob):
    """A job as it is kept: with its checkpoints, which the API gives by a route of their own."""

    checkpoints: list[FineTuningJobCheckpoint]


class TuningJobs:
    """The fine-tuning jobs of one server.

    Files are checked one after another. One job trains at a time, in a process of its own: so the server goes on answering,
    a crash ends the job alone, and all memory of a training is given back.
    """

    def __init__(self, folder: Path, files: Files, models: Models, trainers: Trainers, most: int) -> None:
        """Open the jobs in `folder`.

        Hyper-parameters that a client leaves to the server come from `trainers`. At most `most` jobs may be unfinished.
        """
        self.files, self.models, self.trainers, self.most = files, models, trainers, most
        # The lock guards each change of a job: routes, both pools and the report of the training run in different threads. It is
        # re-entrant, because methods that take it call each other.
        self.records, self.lock = JsonStore(folder, "fine-tuning job", TunedJob), threading.RLock()
        self.checking, self.training = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
        self.running: tuple[str, Connection] | None = None
        # Not a plain fork: a copy of a process whose threads use torch or CUDA can hang.
        self.processes = get_context("forkserver")
        self.processes.set_forkserver_preload(PRELOAD)
        # Jobs that a killed server left.
        self._fail_open_jobs()
        for job in self.records.all():
            self._serve(job)

    def create(self, model: str, file: str, method: JsonObject, rest: JsonObject) -> JsonObject:
        """Add a job to the queue.

        Raises an ApiError where the model or the file can't be used for tuning, or too many jobs are unfinished.
        """
        if reason := self.trainers.refusal(self.models.find(model).model):
            raise ApiError(400, f"{model} {reason}", param="model")
        if self.files.records.get(file)["purpose"] != TUNING:
            raise ApiError(400, f"{file} was not uploaded with the purpose {TUNING}", param="training_file")
        name = f"ftjob-{uuid.uuid4().hex}"
        head = {"id": name, "object": "fine_tuning.job", "created_at": int(time.time()), "organization_id": "runner"}
        # All fields of the API from the start: clients expect them in each state.
        empty = dict.fromkeys(("error", "fine_tuned_model", "finished_at", "trained_tokens", "validation_file"))
        job = {**head, **empty, **rest, "model": model, "training_file": file, "result_files": [], "checkpoints": []}
        with self.lock:
            unfinished = [record for record in self.records.all() if record["status"] in OPEN]
            if len(unfinished) >= self.most:
                raise ApiError(429, f"{len(unfinished)} jobs are not done, the most that this server takes. Wait, or cancel one")
            chosen = hyperparameters({"method": method})
            self.records.save({**job, "method": method, "hyperparameters": chosen, "status": "validating_files"})
            self._add_event(name, f"Created fine-tuning job: {name}")
            self._add_event(name, f"Validating training file: {file}")
        self.checking.submit(self._check, name)
        return self.records.get(name)

    def events(self, name: str) -> list[JsonObject]:
        """Return the events of a job, the oldest first."""
        file = self.records.folder_of(self.records.get(name)["id"]) / "events.jsonl"
        with self.lock:
            return lines(file, FineTuningJobEvent)

    def cancel(self, name: str) -> JsonObject:
        """Cancel a job before its next step.

        Raises an ApiError if it has ended.
        """
        with self.lock:
            if (status := self.records.get(name)["status"]) not in OPEN:
                raise ApiError(400, f"the job {name} has ended: it is {status}")
            self._end(name, "cancelled", "The job was cancelled")
            self._stop(name)
            return self.records.get(name)

    def close(self) -> None:
        """Fail all open jobs, and stop the running process.

        It stops before its next step.
        """
        with self.lock:
            self._fail_open_jobs()
            if self.running:
                self._stop(self.running[0])
        for pool in (self.checking, self.training):
            pool.shutdown(cancel_futures=True)

    def _fail_open_jobs(self) -> None:
        for job in self.records.all():
            if job["status"] in OPEN:
                self._fail(job["id"], STOPPED, "server_stopped")

    def _stop(self, name: str) -> None:
        if self.running and self.running[0] == name:
            with suppress(OSError):  # the process has just ended by itself
                self.running[1].send("stop")

    def _check(self, name: str) -> None:
        """Check a job's file, complete its hyper-parameters, and queue it."""
        job = self.records.get(name)
        kind, file = job["method"]["type"], self.files.content(job["training_file"])
        try:
            count = len(read_pairs(file) if kind == DPO else read_examples(file))
        except Fault as fault:
            self._fail(name, str(fault), "invalid_training_file", "training_file")
            return
        chosen = self.trainers.completed(kind, hyperparameters(job), count)
        with self.lock:
            # It may have been cancelled while the file was read.
            if self.records.get(name)["status"] != "validating_files":
                return
            self._change(name, status="queued", hyperparameters=chosen, method=described(kind, chosen))
            self._add_event(name, f"Files validated, {count} examples; the job is queued")
            self.training.submit(self._train, name)

    def _train(self, name: str) -> None:
        """Run the process of a job, and record its reports."""
        ours, theirs = self.processes.Pipe()
        with self.lock:
            if (job := self.records.get(name))["status"] != "queued":
                return
            self._change(name, status="running")
            self.running = name, ours
        self._add_event(name, "Fine-tuning job started")
        # A daemon process is ended with the server.
        file, model = self.files.content(job["training_file"]), self.models.find(job["model"]).model
        task = self.trainers.task(job, model, file, self.records.folder_of(name))
        process = self.processes.Process(target=work, args=(theirs, task), daemon=True)
        try:
            process.start()
            # Only with this copy closed does `recv` see the end of the pipe when the process ends.
            theirs.close()
            while True:
                self._record(name, ours.recv())
        except (EOFError, ConnectionResetError):
            process.join()
        finally:
            with self.lock:
                self.running = None
                message = f"the training process ended with exit code {process.exitcode}; was memory short?"
                # Without effect where the job has ended in another way.
                self._fail(name, message, "server_error")

    def _record(self, name: str, report: Any) -> None:
        """Record a report of the training process."""
        with self.lock:
            # A cancelled job may report a last step.
            if self.records.get(name)["status"] != "running":
                return
            match report:
                case StepDone():
                    data = {"step": report.number, "total_steps": report.total, "train_loss": report.loss}
                    message = f"Step {report.number}/{report.total}: training loss={report.loss:.2f}"
                    self._add_event(name, message, data)
                case CheckpointSaved():
                    self._add_checkpoint(name, report)
                case TuningDone():
                    self._succeed(name, report.tokens)
                case TuningFailed():
                    self._fail(name, report.reason, "training_failed")

    def _add_checkpoint(self, name: str, report: CheckpointSaved) -> None:
        """Record a checkpoint, under a model name of its own."""
        job = self.records.get(name)
        checkpoint = {
            "id": f"ftckpt_{uuid.uuid4().hex}",
            "object": "fine_tuning.job.checkpoint",
            "created_at": int(time.time()),
            "fine_tuning_job_id": name,
            "fine_tuned_model_checkpoint": f"{self._model_name(job)}:ckpt-step-{report.number}",
            "step_number": report.number,
            "metrics": {"step": report.number, "train_loss": report.loss},
        }
        self._change(name, checkpoints=[*job["checkpoints"], checkpoint])

    def _succeed(self, name: str, tokens: int) -> None:
        """End a job with its model and its losses."""
        job = self.records.get(name)
        # The last checkpoint is the tuned model, so it gets the model's own name.
        *earlier, last = job["checkpoints"]
        checkpoints = [*earlier, {**last, "fine_tuned_model_checkpoint": self._model_name(job)}]
        steps = [event["data"] for event in self.events(name) if event["type"] == "metrics"]
        table = "".join(["step,train_loss\n", *(f"{step['step']},{step['train_loss']}\n" for step in steps)])
        results = self.files.add("step_metrics.csv", TUNING_RESULTS, BytesIO(table.encode()))
        self._end(
            name,
            "succeeded",
            "The job has successfully completed",
            fine_tuned_model=self._model_name(job),
            trained_tokens=tokens,
            result_files=[results["id"]],
            checkpoints=checkpoints,
        )
        self._serve(self.records.get(name))

    def _serve(self, job: JsonObject) -> None:
        """Serve the checkpoints of a finished job.

        Only with its base model: a restarted server may have other models.
        """
        if job["status"] != "succeeded" or not (name := self.models.beneath(job["model"])):
            return
        # Also where the job began with a tuned model: its checkpoints hold that training too.
        base = self.models.given[name].model
        for checkpoint in job["checkpoints"]:
            model = base.tuned_in(self.records.folder_of(job["id"]) / f"step-{checkpoint['step_number']}")
            if reason := damage(Path(model.tuned)):
                log.warning("%s is not served, as it can't be read (%s)", model.tuned, reason)
                continue
            name, created = checkpoint["fine_tuned_model_checkpoint"], checkpoint["created_at"]
            self.models.tuned[name] = Served(name, model, created, job["organization_id"])

    def _model_name(self, job: JsonObject) -> str:
        """Return the name of a job's model.

        Its parts are those of OpenAI's names: base model, organization, suffix, and an id.
        """
        base, suffix = self.models.beneath(job["model"]), job["user_provided_suffix"] or ""
        return f"ft:{base}:{job['organization_id']}:{suffix}:{job['id'][-8:]}"

    def _fail(self, name: str, reason: str, code: str, param: str | None = None) -> None:
        self._end(name, "failed", f"The job failed: {reason}", error={"code": code, "message": reason, "param": param})

    def _end(self, name: str, status: str, message: str, **fields: Any) -> None:
        with self.lock:
            # A job ends once; whatever comes later does not change it.
            if self.records.get(name)["status"] in OPEN:
                self._change(name, status=status, finished_at=int(time.time()), **fields)
                self._add_event(name, message, level="error" if status == "failed" else "info")

    def _change(self, name: str, **fields: Any) -> None:
        self.records.save({**self.records.get(name), **fields})

    def _add_event(self, name: str, message: str, data: JsonObject | None = None, level: str = "info") -> None:
        head = {"id": f"ftevent-{uuid.uuid4().hex}", "object": "fine_tuning.job.event", "created_at": int(time.time())}
        event = {**head, "level": level, "message": message, "type": "metrics" if data else "message", "data": data or {}}
        with self.lock, (self.records.folder_of(name) / "events.jsonl").open("a", encoding="utf-8") as file:
            # The line break comes first: after a kill, the next line does not continue a half-written one.
            file.write(f"\n{json.dumps(event)}")
