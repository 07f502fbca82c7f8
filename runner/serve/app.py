"""Build the web application that serves the models."""

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
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from runner.config.places import CONF
from runner.errors import Fault
from runner.local_models import Adapting
from runner.refine.dpo import PreferenceOptimisation
from runner.serve import Access, Limits, batch_routes, chat, embeddings, tuning_routes
from runner.serve.access import AccessCheck
from runner.serve.api_errors import add_error_handlers
from runner.serve.batch_queue import BatchQueue
from runner.serve.files import Files
from runner.serve.inference import InferenceQueue
from runner.serve.models import Models
from runner.serve.tuning_jobs import TuningJobs
from runner.serve.tuning_methods import JobTuner, Trainers
from runner.web.addresses import LOOPBACK


def application(models: Models, limits: Limits, access: Access, folder: Path, tuner: JobTuner) -> FastAPI:
    """Build the application; `folder` keeps what outlives the server.

    `tuner` trains the fine-tuning jobs.
    """
    files = Files(folder / "files")
    jobs = TuningJobs(folder / "jobs", files, models, Trainers(tuner, shipped_preferences()), limits.jobs)
    # Chats and batches share one queue, so that only one reply is generated at a time.
    queue = InferenceQueue(limits)
    batches = BatchQueue(folder / "batches", files, partial(chat.completion, models, queue), limits.jobs)

    @asynccontextmanager
    async def working(_: FastAPI) -> AsyncIterator[None]:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(batches.work)
            yield
            tasks.cancel_scope.cancel()
        # In a thread, since it waits for the training's step to end.
        await anyio.to_thread.run_sync(jobs.close)

    # Without a schema FastAPI serves no pages of documentation either.
    app = FastAPI(title="runner-serve", openapi_url=None, lifespan=working)
    add_error_handlers(app)
    chats, tunings = chat.routes(models, queue), tuning_routes.routes(jobs)
    for router in (chats, embeddings.routes(), files.routes(), tunings, batch_routes.routes(batches), models.routes()):
        app.include_router(router)
    app.add_middleware(AccessCheck, access=access, limits=limits)
    # Around the check: a browser asks with OPTIONS, without the key, whether a page may send its request.
    app.add_middleware(CORSMiddleware, allow_origins=access.origins, allow_methods=["*"], allow_headers=["*"])
    # Against DNS rebinding. A server that is open to others has a key for its protection, and may have any name.
    if access.host in LOOPBACK:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(LOOPBACK))
    return app


def shipped(name: str) -> JobTuner:
    """Build the tuner of conf/tuner/NAME.yaml.

    Raises a Fault where there is none, or where it does not train on this machine.
    """
    choices: dict[str, Any] = {
        file.stem: OmegaConf.to_container(OmegaConf.load(file)) for file in (CONF / "tuner").glob("*.yaml")
    }
    # Asked of the class, before any is built: other tuners need settings that are not known here.
    local = {choice: cfg for choice, cfg in choices.items() if issubclass(get_class(cfg["_target_"]), Adapting)}
    if name not in local:
        raise Fault(f"--tuner {name}: found no such tuner of this machine, expected one of {', '.join(sorted(local))}")
    settings = local[name]
    tuner: JobTuner = get_class(settings.pop("_target_"))(**settings)
    return tuner


def shipped_preferences() -> PreferenceOptimisation:
    """Build the settings of conf/refine/dpo.yaml."""
    settings: Any = OmegaConf.to_container(OmegaConf.load(CONF / "refine" / "dpo.yaml"))
    return PreferenceOptimisation(**{name: value for name, value in settings.items() if name != "_target_"})
