"""What several tests start from."""

import os
import shutil
from pathlib import Path

import pytest

if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # as many tests as cores at a time, and no more threads; before torch is loaded

from runner.model.huggingface import HuggingFace
from runner.model.smollm2 import SmolLM2
from runner.tracker.mlflow import MLflow


@pytest.fixture(scope="session")
def empty_tracking_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MLflow's SQLite file as it is when nothing is tracked yet; it takes seconds to make, so once for all tests."""
    file = tmp_path_factory.mktemp("tracking") / "mlflow.db"
    MLflow(uri=f"sqlite:///{file}").find("made", "nothing")
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
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    source = smollm2._weights().id
    torch.manual_seed(0)
    tokenizer = AutoTokenizer.from_pretrained(source)
    config = AutoModelForCausalLM.from_pretrained(source).config
    config.update({"num_hidden_layers": 2, "hidden_size": 64, "intermediate_size": 128, "num_attention_heads": 4})
    config.update({"num_key_value_heads": 2, "head_dim": 16})
    folder = tmp_path_factory.mktemp("small")
    AutoModelForCausalLM.from_config(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return HuggingFace(id=str(folder), device="cpu")


@pytest.fixture
def student(tmp_path: Path) -> list[str]:
    """A student that passes every check and could not be loaded, so that no test loads it."""
    (tmp_path / "student").mkdir()
    (tmp_path / "student" / "config.json").write_text("{}")
    (tmp_path / "student" / "model.safetensors").write_bytes(b"")
    return ["model=huggingface", f"model.id={tmp_path}/student"]
