"""/v1/fine_tuning: the routes to create, follow and cancel jobs."""

from collections.abc import Callable
from random import SystemRandom
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from runner.serve import RequestBody
from runner.serve.api_errors import ApiError
from runner.serve.json_store import JsonObject, page
from runner.serve.tuning_jobs import TuningJobs
from runner.serve.tuning_methods import DPO, SUPERVISED, described

Auto = Literal["auto"]


def _auto_or(expected: str, fits: Callable[[float], bool]) -> BeforeValidator:
    """Validate a setting that is auto or a number."""

    # By one validator, since pydantic tells each member of a union apart, under a name of its own behind the field's.
    def check(value: object) -> object:
        if value != "auto" and not (isinstance(value, (int, float)) and not isinstance(value, bool) and fits(value)):
            raise PydanticCustomError("auto_or_number", f"found {value!r:.40}, expected auto or {expected}")
        return value

    return BeforeValidator(check)


class Hyperparameters(RequestBody):
    """The hyper-parameters of a job.

    `auto` takes the value of the server's tuner. The multiplier multiplies that tuner's learning rate.
    """

    n_epochs: Annotated[Auto | int, _auto_or("a whole number from 1 to 50", lambda value: value in range(1, 51))] = "auto"
    batch_size: Annotated[Auto | int, _auto_or("a whole number from 1 to 256", lambda value: value in range(1, 257))] = "auto"
    learning_rate_multiplier: Annotated[Auto | float, _auto_or("a number above 0, up to 100", lambda value: 0 < value <= 100)] = (
        "auto"
    )


class DpoHyperparameters(Hyperparameters):
    """The hyper-parameters of a job that learns preferences.

    A higher beta holds the model nearer to the one that it begins as.
    """

    beta: Annotated[Auto | float, _auto_or("a number above 0, up to 2", lambda value: 0 < value <= 2)] = "auto"  # the API's range


class SupervisedMethod(RequestBody):
    """Supervised tuning: the model learns the assistant's replies."""

    hyperparameters: Hyperparameters = Hyperparameters()


class DpoMethod(RequestBody):
    """Direct preference optimisation: the model learns to prefer replies."""

    hyperparameters: DpoHyperparameters = DpoHyperparameters()


class TuningMethod(RequestBody):
    """The method of a job, with its settings."""

    type: Literal["supervised", "dpo"]
    supervised: SupervisedMethod | None = None
    dpo: DpoMethod | None = None


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
        """The method, with its hyper-parameters from wherever they stand.

        Raises an ApiError where they are those of another method.
        """
        method = self.method or TuningMethod(type="supervised")
        stray = {"method.supervised": method.supervised, "hyperparameters": self.hyperparameters}
        if method.type == DPO and (names := [name for name, value in stray.items() if value]):
            raise ApiError(400, f"{names[0]}: of supervised jobs alone. Write method.dpo.hyperparameters", param=names[0])
        if method.type == SUPERVISED and method.dpo:
            raise ApiError(400, "method.dpo: the type of the method is supervised. Write method.supervised", param="method.dpo")
        if method.type == DPO:
            return described(DPO, (method.dpo or DpoMethod()).hyperparameters.model_dump())
        given = self.hyperparameters or (method.supervised or SupervisedMethod()).hyperparameters
        return described(SUPERVISED, given.model_dump())


def routes(jobs: TuningJobs) -> APIRouter:
    """Make the routes: create, list, show, cancel, events, checkpoints.

    Lists begin with the newest. The routes are not async, as they wait for locks: FastAPI runs them in threads.
    """
    router = APIRouter(prefix="/v1/fine_tuning/jobs")

    @router.post("")
    def create(body: TuningRequest) -> JsonObject:
        # Drawn where none is given, and shown in the job, so that the training can be repeated.
        seed = SystemRandom().randrange(2**31) if body.seed is None else body.seed
        rest = {"seed": seed, "metadata": body.metadata, "user_provided_suffix": body.suffix}
        return _public(jobs.create(body.model, body.training_file, body.chosen, rest))

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
    # The record keeps its checkpoints, but the API gives them by a route of their own. The older place of the hyper-parameters
    # is filled for supervised jobs alone, as at OpenAI.
    older = {} if job["method"]["type"] == SUPERVISED else {"hyperparameters": None}
    return {**{field: value for field, value in job.items() if field != "checkpoints"}, **older}
