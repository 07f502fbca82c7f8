"""Fine-tuning jobs: from a file to a served model, with the states, events and checkpoints of OpenAI's API."""

import json
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from runner.errors import Fault
from runner.hosts.chat_lines import examples
from runner.serve.files import RESULTS, UPLOADED, Files
from runner.serve.models import Models, Served
from runner.serve.refusal import Refusal
from runner.serve.shelf import Document, Shelf
from runner.serve.training import PRELOAD, Checkpoint, Done, Failed, Step, Task, Tuner, work

OPEN = ("validating_files", "queued", "running")
STOPPED = "the server was stopped while the job was not done. Create it again"


class Jobs:
    """The jobs of one server: files are read one after the other, and one job is tuned at a time, in its own process."""

    def __init__(self, folder: Path, files: Files, models: Models, tuner: Tuner, most: int) -> None:
        """Open the jobs kept in `folder`; `tuner` is what hyper-parameters left to the server come from."""
        self.files, self.models, self.tuner, self.most = files, models, tuner, most
        self.shelf, self.lock = Shelf(folder, "fine-tuning job"), threading.RLock()
        self.reading, self.tuning = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
        self.running: tuple[str, Connection] | None = None
        self.processes = get_context("forkserver")
        self.processes.set_forkserver_preload(PRELOAD)
        self._fail_open()
        for job in self.shelf.every():
            self._serve(job)

    def create(self, model: str, file: str, hyperparameters: Document, rest: Document) -> Document:
        """A new job, which starts as soon as it can; a Refusal where the model or the file can't be tuned (on)."""
        if model not in self.models.given or self.models.given[model].model.tuned:
            self.models.find(model)
            raise Refusal(400, f"{model} is tuned already. Tune the model beneath it, or an export", param="model")
        if self.files.shelf.find(file)["purpose"] != UPLOADED:
            raise Refusal(400, f"{file} was not uploaded with the purpose {UPLOADED}", param="training_file")
        with self.lock:
            waiting = [job for job in self.shelf.every() if job["status"] in OPEN]
            if len(waiting) >= self.most:
                raise Refusal(429, f"{len(waiting)} jobs are not done, the most that this server takes. Wait, or cancel one")
            name = f"ftjob-{uuid.uuid4().hex}"
            empty = {
                "error": None,
                "fine_tuned_model": None,
                "finished_at": None,
                "trained_tokens": None,
                "validation_file": None,
            }
            about = {"id": name, "object": "fine_tuning.job", "created_at": int(time.time()), "organization_id": "runner"}
            job = {**about, **empty, **rest, "model": model, "training_file": file, "result_files": [], "checkpoints": []}
            self.shelf.put({**job, "hyperparameters": hyperparameters, "status": "validating_files"})
            self._note(name, f"Created fine-tuning job: {name}")
            self._note(name, f"Validating training file: {file}")
        self.reading.submit(self._read, name)
        return self.shelf.find(name)

    def events(self, name: str) -> list[Document]:
        """What happened in a job, the oldest first."""
        found, file = list[Document](), self.shelf.room(self.shelf.find(name)["id"]) / "events.jsonl"
        with self.lock:
            lines = file.read_text(encoding="utf-8").splitlines()
        for line in lines:
            with suppress(ValueError):  # one that was half written at a kill
                found.append(json.loads(line))
        return found

    def cancel(self, name: str) -> Document:
        """End a job before its next step; a Refusal where it has ended."""
        with self.lock:
            if (status := self.shelf.find(name)["status"]) not in OPEN:
                raise Refusal(400, f"the job {name} has ended: it is {status}")
            self._end(name, "cancelled", "The job was cancelled")
            self._stop(name)
            return self.shelf.find(name)

    def close(self) -> None:
        """Stop what runs, before its next step; what is not done is failed, and says so."""
        with self.lock:
            self._fail_open()
            if self.running:
                self._stop(self.running[0])
        for pool in (self.reading, self.tuning):
            pool.shutdown(cancel_futures=True)

    def _fail_open(self) -> None:
        for job in self.shelf.every():
            if job["status"] in OPEN:
                self._fail(job["id"], STOPPED, "server_stopped")

    def _stop(self, name: str) -> None:
        if self.running and self.running[0] == name:
            with suppress(OSError):  # it has just ended by itself
                self.running[1].send("stop")

    def _read(self, name: str) -> None:
        """Check the file, settle the hyper-parameters, and queue the job."""
        job = self.shelf.find(name)
        try:
            taught = len(examples(self.files.content(job["training_file"]).read_bytes()))
        except (Fault, OSError) as error:
            self._fail(name, str(error), "invalid_training_file")
            return
        usual = {"n_epochs": self.tuner.epochs, "batch_size": min(self.tuner.batch, taught), "learning_rate_multiplier": 1.0}
        settled = {key: usual[key] if value == "auto" else value for key, value in job["hyperparameters"].items()}
        with self.lock:
            if self.shelf.find(name)["status"] != "validating_files":
                return
            method = {"type": "supervised", "supervised": {"hyperparameters": settled}}
            self._change(name, status="queued", hyperparameters=settled, method=method)
            self._note(name, f"Files validated, {taught} examples; the job is queued")
            self.tuning.submit(self._tune, name)

    def _tune(self, name: str) -> None:
        """Start the process, and note what it tells, to its end."""
        ours, theirs = self.processes.Pipe()
        with self.lock:
            if (job := self.shelf.find(name))["status"] != "queued":
                return
            self._change(name, status="running")
            self.running = name, ours
        self._note(name, "Fine-tuning job started")
        process = self.processes.Process(target=work, args=(theirs, self._task(job)), daemon=True)
        try:
            process.start()
            theirs.close()
            while True:
                self._hear(name, ours.recv())
        except (EOFError, ConnectionResetError):
            process.join()
        finally:
            with self.lock:
                self.running = None
                told = f"the training process ended with exit code {process.exitcode}; was memory short?"
                self._fail(name, told, "server_error")  # where it has not ended otherwise

    def _task(self, job: Document) -> Task:
        asked = job["hyperparameters"]
        rate = self.tuner.rate * asked["learning_rate_multiplier"]
        tuner = replace(self.tuner, epochs=asked["n_epochs"], batch=asked["batch_size"], rate=rate)
        file, folder = self.files.content(job["training_file"]), self.shelf.room(job["id"])
        model = self.models.find(job["model"]).model
        return Task(model=model, file=file, tuner=tuner, seed=job["seed"], folder=folder)

    def _hear(self, name: str, told: Any) -> None:
        with self.lock:
            if self.shelf.find(name)["status"] != "running":
                return
            match told:
                case Step():
                    data = {"step": told.number, "total_steps": told.total, "train_loss": told.loss}
                    self._note(name, f"Step {told.number}/{told.total}: training loss={told.loss:.2f}", data)
                case Checkpoint():
                    self._keep(name, told)
                case Done():
                    self._succeed(name, told.tokens)
                case Failed():
                    self._fail(name, told.reason, "training_failed")

    def _keep(self, name: str, told: Checkpoint) -> None:
        """Note a checkpoint, which is a model of its own."""
        job = self.shelf.find(name)
        row = {
            "id": f"ftckpt_{uuid.uuid4().hex}",
            "object": "fine_tuning.job.checkpoint",
            "created_at": int(time.time()),
            "fine_tuning_job_id": name,
            "fine_tuned_model_checkpoint": f"{_tuned(job)}:ckpt-step-{told.number}",
            "step_number": told.number,
            "metrics": {"step": told.number, "train_loss": told.loss},
        }
        self._change(name, checkpoints=[*job["checkpoints"], row])

    def _succeed(self, name: str, tokens: int) -> None:
        job = self.shelf.find(name)
        *earlier, last = job["checkpoints"]  # the last one is the tuned model itself
        losses = [event["data"] for event in self.events(name) if event["type"] == "metrics"]
        table = "".join(["step,train_loss\n", *(f"{row['step']},{row['train_loss']}\n" for row in losses)])
        results = self.files.add("step_metrics.csv", RESULTS, BytesIO(table.encode()))
        rows = [*earlier, {**last, "fine_tuned_model_checkpoint": _tuned(job)}]
        found = {"fine_tuned_model": _tuned(job), "trained_tokens": tokens, "result_files": [results["id"]], "checkpoints": rows}
        self._end(name, "succeeded", "The job has successfully completed", **found)
        self._serve(self.shelf.find(name))

    def _serve(self, job: Document) -> None:
        """Serve what a finished job left, where the model beneath it is served."""
        if job["status"] != "succeeded" or job["model"] not in self.models.given:
            return
        base = self.models.given[job["model"]].model
        for row in job["checkpoints"]:
            model = base.tuned_in(self.shelf.room(job["id"]) / f"step-{row['step_number']}")
            served = Served(row["fine_tuned_model_checkpoint"], model, row["created_at"], job["organization_id"])
            self.models.tuned[served.name] = served

    def _fail(self, name: str, reason: str, code: str) -> None:
        self._end(name, "failed", f"The job failed: {reason}", error={"code": code, "message": reason, "param": None})

    def _end(self, name: str, status: str, message: str, **fields: Any) -> None:
        with self.lock:
            if self.shelf.find(name)["status"] in OPEN:
                self._change(name, status=status, finished_at=int(time.time()), **fields)
                self._note(name, message, level="error" if status == "failed" else "info")

    def _change(self, name: str, **fields: Any) -> None:
        self.shelf.put({**self.shelf.find(name), **fields})

    def _note(self, name: str, message: str, data: Document | None = None, level: str = "info") -> None:
        about = {"id": f"ftevent-{uuid.uuid4().hex}", "object": "fine_tuning.job.event", "created_at": int(time.time())}
        event = {**about, "level": level, "message": message, "type": "metrics" if data else "message", "data": data or {}}
        with self.lock, (self.shelf.room(name) / "events.jsonl").open("a", encoding="utf-8") as file:
            file.write(f"\n{json.dumps(event)}")


def _tuned(job: Document) -> str:
    """The name that a job's model is served under."""
    return f"ft:{job['model']}:{job['organization_id']}:{job['user_provided_suffix'] or ''}:{job['id'][-8:]}"
