"""/v1/fine_tuning: the routes to create, follow and cancel jobs."""

from random import SystemRandom
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import Field

from runner.serve import RequestBody
from runner.serve.json_store import JsonObject, page
from runner.serve.tuning_jobs import TuningJobs

Auto = Literal["auto"]


class Hyperparameters(RequestBody):
    """The hyper-parameters of a job.

    `auto` takes the value of the server's tuner. The multiplier multiplies that tuner's learning rate.
    """

    n_epochs: Auto | Annotated[int, Field(ge=1, le=50)] = "auto"
    batch_size: Auto | Annotated[int, Field(ge=1, le=256)] = "auto"
    learning_rate_multiplier: Auto | Annotated[float, Field(gt=0, le=100)] = "auto"


class SupervisedMethod(RequestBody):
    """Supervised tuning: the model learns the assistant's replies."""

    hyperparameters: Hyperparameters = Hyperparameters()


class TuningMethod(RequestBody):
    """The method of a job; only supervised tuning is offered."""

    type: Literal["supervised"]
    supervised: SupervisedMethod = SupervisedMethod()


class TuningRequest(RequestBody):
    """A fine-tuning request of OpenAI's API."""

    model: str
    training_file: str
    method: TuningMethod | None = None
    hyperparameters: Hyperparameters | None = None  # the API's older place for them
    # The range of the API.
    seed: Annotated[int, Field(ge=0, lt=2**31)] | None = None
    # No colon: the name of the tuned model is divided by colons.
    suffix: Annotated[str, Field(max_length=64, pattern=r"^[\w.-]*$")] | None = None
    metadata: dict[str, str] | None = None
    # Clients send these two as null; another value is refused.
    validation_file: None = None
    integrations: None = None

    @property
    def chosen(self) -> JsonObject:
        """The hyper-parameters, from whichever place they stand in."""
        method = self.method.supervised.hyperparameters if self.method else Hyperparameters()
        return (self.hyperparameters or method).model_dump()


def routes(jobs: TuningJobs) -> APIRouter:
    """Make the routes: create, list, show, cancel, events, checkpoints.

    Lists begin with the newest. The routes are not async, as they wait for locks: FastAPI runs them in threads.
    """
    router = APIRouter(prefix="/v1/fine_tuning/jobs")

    @router.post("")
    def create(body: TuningRequest) -> JsonObject:
        chosen = body.chosen
        # Drawn where none is given, and shown in the job, so that the training can be repeated.
        seed = SystemRandom().randrange(2**31) if body.seed is None else body.seed
        method = {"type": "supervised", "supervised": {"hyperparameters": chosen}}
        rest = {"seed": seed, "metadata": body.metadata, "method": method, "user_provided_suffix": body.suffix}
        return _public(jobs.create(body.model, body.training_file, chosen, rest))

    @router.get("")
    def list_jobs(after: str | None = None, limit: int = 20) -> JsonObject:
        return page([_public(job) for job in jobs.records.all()[::-1]], after, limit)

    @router.get("/{name}")
    def show(name: str) -> JsonObject:
        return _public(jobs.records.get(name))

    @router.post("/{name}/cancel")
    def cancel(name: str) -> JsonObject:
        return _public(jobs.cancel(name))

    @router.get("/{name}/events")
    def events(name: str, after: str | None = None, limit: int = 20) -> JsonObject:
        return page(jobs.events(name)[::-1], after, limit)

    @router.get("/{name}/checkpoints")
    def checkpoints(name: str, after: str | None = None, limit: int = 10) -> JsonObject:
        return page(jobs.records.get(name)["checkpoints"][::-1], after, limit)

    return router


def _public(job: JsonObject) -> dict[str, Any]:
    # The record keeps its checkpoints, but the API gives them by a route of their own.
    return {field: value for field, value in job.items() if field != "checkpoints"}
