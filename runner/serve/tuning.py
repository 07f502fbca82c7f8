"""/v1/fine_tuning: the routes by which clients create, follow and cancel jobs."""

from random import SystemRandom
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import Field

from runner.serve.chat import Closed
from runner.serve.jobs import Jobs
from runner.serve.shelf import Document, page

Auto = Literal["auto"]


class Hyperparameters(Closed):
    """How to tune; `auto` takes what the tuner's yaml says, whose rate the multiplier multiplies."""

    n_epochs: Auto | Annotated[int, Field(ge=1, le=50)] = "auto"
    batch_size: Auto | Annotated[int, Field(ge=1, le=256)] = "auto"
    learning_rate_multiplier: Auto | Annotated[float, Field(gt=0, le=100)] = "auto"


class Supervised(Closed):
    """Supervised tuning: each reply of the assistant is taught."""

    hyperparameters: Hyperparameters = Hyperparameters()


class Method(Closed):
    """The one method that this server has."""

    type: Literal["supervised"]
    supervised: Supervised = Supervised()


class Wish(Closed):
    """A request for a job, as OpenAI's API has it; `hyperparameters` is its older place for them."""

    model: str
    training_file: str
    method: Method | None = None
    hyperparameters: Hyperparameters | None = None
    seed: Annotated[int, Field(ge=0, lt=2**31)] | None = None
    suffix: Annotated[str, Field(max_length=64, pattern=r"^[\w.-]*$")] | None = None
    metadata: dict[str, str] | None = None
    validation_file: None = None
    integrations: None = None

    @property
    def chosen(self) -> Document:
        """The hyper-parameters, wherever they stand."""
        method = self.method.supervised.hyperparameters if self.method else Hyperparameters()
        return (self.hyperparameters or method).model_dump()


def routes(jobs: Jobs) -> APIRouter:
    """Create, list, tell, cancel; events and checkpoints, the newest first."""
    router = APIRouter(prefix="/v1/fine_tuning/jobs")

    @router.post("")
    def create(wish: Wish) -> Document:
        chosen = wish.chosen
        seed = SystemRandom().randrange(2**31) if wish.seed is None else wish.seed
        method = {"type": "supervised", "supervised": {"hyperparameters": chosen}}
        rest = {"seed": seed, "metadata": wish.metadata, "method": method, "user_provided_suffix": wish.suffix}
        return _told(jobs.create(wish.model, wish.training_file, chosen, rest))

    @router.get("")
    def every(after: str | None = None, limit: int = 20) -> Document:
        return page([_told(job) for job in jobs.shelf.every()[::-1]], after, limit)

    @router.get("/{name}")
    def one(name: str) -> Document:
        return _told(jobs.shelf.find(name))

    @router.post("/{name}/cancel")
    def cancel(name: str) -> Document:
        return _told(jobs.cancel(name))

    @router.get("/{name}/events")
    def events(name: str, after: str | None = None, limit: int = 20) -> Document:
        return page(jobs.events(name)[::-1], after, limit)

    @router.get("/{name}/checkpoints")
    def checkpoints(name: str, after: str | None = None, limit: int = 10) -> Document:
        return page(jobs.shelf.find(name)["checkpoints"][::-1], after, limit)

    return router


def _told(job: Document) -> dict[str, Any]:
    """A job as the wire tells it: its checkpoints have a route of their own."""
    return {field: value for field, value in job.items() if field != "checkpoints"}
