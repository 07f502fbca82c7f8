"""Models and limits to the web application that serves them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
from fastapi import FastAPI
from hydra.utils import get_class
from omegaconf import OmegaConf
from starlette.middleware.trustedhost import TrustedHostMiddleware

from runner.config.messages import CONF
from runner.errors import Fault
from runner.serve import LOOPBACK, Limits, batching, chat, embeddings, tuning
from runner.serve.batches import Batches
from runner.serve.engine import Engine
from runner.serve.files import Files
from runner.serve.gate import Gate
from runner.serve.jobs import Jobs
from runner.serve.models import Models
from runner.serve.refusal import tell_refusals
from runner.serve.training import Tuner


def application(models: Models, limits: Limits, key: str, host: str, folder: Path, tuner: Tuner) -> FastAPI:
    """The application; bound to loopback it answers to loopback's names only, so that no web page reaches it by another.

    What outlives it is kept in `folder`.
    """
    files = Files(folder / "files")
    jobs = Jobs(folder / "jobs", files, models, tuner, limits.jobs)
    engine = Engine(limits)
    batches = Batches(folder / "batches", files, partial(chat.completion, models, engine), limits.jobs)

    @asynccontextmanager
    async def working(_: FastAPI) -> AsyncIterator[None]:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(batches.work)
            yield
            tasks.cancel_scope.cancel()
        await anyio.to_thread.run_sync(jobs.close)

    app = FastAPI(title="runner-serve", openapi_url=None, lifespan=working)
    tell_refusals(app)
    chats, tunings = chat.routes(models, engine), tuning.routes(jobs)
    for router in (chats, embeddings.routes(), files.routes(), tunings, batching.routes(batches), models.routes()):
        app.include_router(router)
    app.add_middleware(Gate, key=key, body=limits.body)
    if host in LOOPBACK:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(LOOPBACK))
    return app


def shipped(name: str) -> Tuner:
    """The tuner as conf/tuner/NAME.yaml has it; a Fault where none of that name trains on this machine."""
    every: dict[str, Any] = {file.stem: OmegaConf.to_container(OmegaConf.load(file)) for file in (CONF / "tuner").glob("*.yaml")}
    here = {one: settings for one, settings in every.items() if hasattr(get_class(settings["_target_"]), "adapt")}
    if name not in here:
        raise Fault(f"--tuner {name}: found no such tuner of this machine, expected one of {', '.join(sorted(here))}")
    settings = here[name]
    tuner: Tuner = get_class(settings.pop("_target_"))(**settings)
    return tuner
