"""What several tests start from."""

import gc
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pytest

if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # as many tests as cores at a time, and no more threads; before torch is loaded

from runner.data.records import chat
from runner.model.huggingface import HuggingFace
from runner.model.smollm2 import SmolLM2
from runner.tracker.mlflow import MLflow
from runner.tuner.full import FullTuning
from tests import given

Serving: TypeAlias = Callable[
    ..., AbstractContextManager[Any]
]  # a folder, limits, a key, more models, routes, a tuner, origins, to a client


def pytest_collection_finish() -> None:
    """Set aside what the imports made: collecting garbage need not go through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _no_defaults_of_ones_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A config folder without the file of the developer's own defaults."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        yield


@pytest.fixture(scope="session")
def empty_tracking_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MLflow's SQLite file as it is when nothing is tracked yet; it takes seconds to make, so once for all tests."""
    file = tmp_path_factory.mktemp("tracking") / "mlflow.db"
    MLflow(uri=f"sqlite:///{file}").check("made")
    return file


@pytest.fixture
def tracking_uri(empty_tracking_store: Path, tmp_path: Path) -> str:
    """The address of a tracking store of one's own."""
    (tmp_path / "tracking").mkdir()
    shutil.copy(empty_tracking_store, tmp_path / "tracking" / "mlflow.db")
    return f"sqlite:///{tmp_path}/tracking/mlflow.db"


@pytest.fixture(scope="session")
def smollm2() -> SmolLM2:
    """The embedded model, from the usual store, fetched and converted where it is not there yet."""
    home = Path(os.environ.get("RUNNER_STORE", Path.home() / ".cache" / "experiment-runner"))
    model = SmolLM2(folder=str(home / "models"))
    model.check()
    return model


@pytest.fixture(scope="session")
def small_model(smollm2: SmolLM2, tmp_path_factory: pytest.TempPathFactory) -> HuggingFace:
    """A model of the embedded one's kind and tokenizer with two narrow layers of random weights: quick, and it knows nothing."""
    folder = tmp_path_factory.mktemp("small")
    given.narrow_model(smollm2, folder)
    return HuggingFace(id=str(folder), device="cpu")


@pytest.fixture(scope="session")
def brief_model(small_model: HuggingFace, tmp_path_factory: pytest.TempPathFactory) -> HuggingFace:
    """The small model with a context of 128 tokens."""
    folder = tmp_path_factory.mktemp("brief")
    shutil.copytree(small_model.id, folder, dirs_exist_ok=True)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "max_position_embeddings": 128}))
    return HuggingFace(id=str(folder), device="cpu")


@pytest.fixture(scope="session")
def talker(small_model: HuggingFace, tmp_path_factory: pytest.TempPathFactory) -> HuggingFace:
    """The small model, taught two sentences, so that it says something: a folder as transformers save it."""
    taught = [
        (chat("Who won the cup?", "", 0), "Ada of Oslo won it in the rain, by two goals to one."),
        (chat("Who lost the cup?", "", 0), "Bob of Bergen lost it, and nobody was much surprised."),
    ]
    tuner = FullTuning(epochs=60, batch=2, rate=1e-2, warmup=0.1, clip=1.0)
    tuned, folder = tmp_path_factory.mktemp("tuned"), tmp_path_factory.mktemp("talker")
    tuner.tune(small_model, taught, 0, tuned)
    small_model.tuned_in(tuned).save(folder)
    return HuggingFace(id=str(folder), device="cpu")


@pytest.fixture(scope="session")
def serving(talker: HuggingFace) -> Serving:
    """What starts a server of its own, with a folder, limits and a key, and gives a client of it."""

    from openai import OpenAI

    from runner.serve import Access, Limits
    from runner.serve.app import application, shipped
    from runner.serve.models import Models, Served
    from runner.web.server import http_server

    @contextmanager
    def start(
        folder: Path,
        limits: Any = None,
        key: str = "",
        others: Sequence[Any] = (),
        routes: Callable[..., Any] | None = None,
        tuner: str = "lora",
        origins: Sequence[str] = (),
    ) -> Iterator[Any]:
        models, limits = Models([Served("small", talker), *others]), limits or Limits()
        app = application(models, limits, Access(key=key, origins=tuple(origins)), folder, shipped(tuner))
        if routes:
            app.include_router(routes(models))
        server = http_server(app, "127.0.0.1", 0, limits.seconds)
        socket = server.config.bind_socket()
        socket.listen()
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


@pytest.fixture
def student(tmp_path: Path) -> list[str]:
    """A student that passes every check and could not be loaded, so that no test loads it."""
    return given.student(tmp_path)


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key where the client of a hosted model looks for it."""
    monkeypatch.setenv("OPENAI_API_KEY", given.KEY)
