"""Files of weights that can't be read are named; whole ones are not."""

import resource
from pathlib import Path

import numpy
import pytest
from safetensors.numpy import save_file

from runner.data.weights import damaged_weights, weights_written


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two files of weights, one of them in a folder of its own."""
    for file in (tmp_path / "model.safetensors", tmp_path / "step-2" / "adapter_model.safetensors"):
        file.parent.mkdir(exist_ok=True)
        save_file({"a": numpy.ones(10, "float32")}, file)
    return tmp_path


def test_nothing_is_wrong_with_whole_weights_or_without_any(folder: Path, tmp_path: Path) -> None:
    assert damaged_weights(folder.rglob("*.safetensors")) == ""
    assert damaged_weights(tmp_path.glob("nothing")) == ""


@pytest.mark.parametrize("name", ["model.safetensors", "step-2/adapter_model.safetensors"])
@pytest.mark.parametrize("content", [b"", b"\x08", b"not weights at all"])
def test_the_file_that_is_damaged_is_named(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    assert damaged_weights(folder.rglob("*.safetensors")).startswith(f"{Path(name).name}: ")


def test_every_cut_is_found(folder: Path) -> None:
    content = (folder / "model.safetensors").read_bytes()
    for size in range(len(content)):
        (folder / "model.safetensors").write_bytes(content[:size])
        assert damaged_weights([folder / "model.safetensors"]), size


def test_weights_that_no_longer_fit_on_the_disk_are_an_error_of_the_system(tmp_path: Path) -> None:
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, usual[1]))  # as a full disk, but for this process alone
    try:
        with pytest.raises(OSError, match="large") as caught, weights_written(tmp_path):
            save_file({"a": numpy.ones(10_000, "float32")}, tmp_path / "model.safetensors")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert caught.value.filename == str(tmp_path)
