"""A running server over the small model, and the real client."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
import uvicorn
from openai import OpenAI

from runner.model.huggingface import HuggingFace
from runner.records import chat
from runner.serve import Limits
from runner.serve.app import application
from runner.serve.models import Models, Served
from runner.tuner.full import Full

Serving = Callable[..., AbstractContextManager[OpenAI]]


@pytest.fixture(scope="session")
def talker(small_model: HuggingFace, tmp_path_factory: pytest.TempPathFactory) -> HuggingFace:
    """The small model, taught two sentences, so that it says something: a folder as transformers save it."""
    taught = [
        (chat("Who won the cup?", "", 0), "Ada of Oslo won it in the rain, by two goals to one."),
        (chat("Who lost the cup?", "", 0), "Bob of Bergen lost it, and nobody was much surprised."),
    ]
    tuner = Full(epochs=60, batch=2, rate=1e-2, warmup=0.1, clip=1.0)
    tuned, folder = tmp_path_factory.mktemp("tuned"), tmp_path_factory.mktemp("talker")
    tuner.tune(small_model, taught, 0, tuned)
    small_model.tuned_in(tuned).load().save(folder)
    return HuggingFace(id=str(folder), device="cpu")


@pytest.fixture(scope="session")
def serving(talker: HuggingFace) -> Serving:
    """What starts a server of its own, with a folder, limits and a key, and gives a client of it."""

    @contextmanager
    def start(folder: Path, limits: Limits | None = None, key: str = "") -> Iterator[OpenAI]:
        app = application(Models([Served("small", talker)]), limits or Limits(), key, "127.0.0.1", folder)
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
        socket = server.config.bind_socket()
        thread = threading.Thread(target=server.run, args=([socket],))
        thread.start()
        try:
            url = f"http://127.0.0.1:{socket.getsockname()[1]}/v1"
            yield OpenAI(base_url=url, api_key=key or "none", max_retries=0, timeout=300)
        finally:
            server.should_exit = True
            thread.join()
            socket.close()

    return start


@pytest.fixture(scope="session")
def served_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server that many tests ask keeps its files and jobs."""
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="session")
def client(serving: Serving, served_folder: Path) -> Iterator[OpenAI]:
    """The client of one server that many tests ask."""
    with serving(served_folder) as client:
        yield client
