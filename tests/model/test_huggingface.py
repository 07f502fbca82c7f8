"""Models of the hub or of a folder: identities, and Faults before anything is loaded."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import ValidationError

from runner.component import identity
from runner.errors import Fault
from runner.model.huggingface import HuggingFace, need_packages
from runner.model.smollm2 import SmolLM2

COUNTED = {"class": "runner.model.huggingface.HuggingFace", "version": 1}
OFFLINE = """
import sys
from runner.errors import Fault
from runner.model.huggingface import HuggingFace
try:
    HuggingFace(id="nobody/no-such-model").check()
except Fault as fault:
    print(fault)
print("torch" in sys.modules)
"""


def test_a_folder_without_a_config_is_a_fault_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(
        Fault, match=r"model\.id=.* is a folder without config\.json and \*\.safetensors: expected a model"
    ) as caught:
        HuggingFace(id=str(tmp_path)).check()
    assert str(tmp_path) in str(caught.value)


def test_a_hub_id_that_is_nowhere_is_a_fault_with_both_ways_out_and_imports_no_torch(tmp_path: Path) -> None:
    surroundings = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", OFFLINE], capture_output=True, text=True, env=surroundings, timeout=60, check=True
    )
    fault, torch = done.stdout.splitlines()
    assert "model.id=nobody/no-such-model: not a folder, not in the cache" in fault
    assert "hf download nobody/no-such-model" in fault
    assert "model.id=/path/to/model" in fault
    assert torch == "False"


def test_structured_replies_without_their_package_are_a_fault_with_the_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "outlines" else "found")
    with pytest.raises(Fault, match=r"needs outlines, not installed here\. Install the extra: pip install -e '\.\[local\]'"):
        HuggingFace(id="some/model", structured=True).check()
    need_packages()


def test_quantised_weights_without_their_package_are_a_fault_with_the_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "bitsandbytes" else "found")
    with pytest.raises(Fault, match=r"needs bitsandbytes, not installed here\..*: pip install -e '\.\[quantized\]'"):
        HuggingFace(id="some/model", quantization="8bit").check()
    need_packages(structured=True)


def _stored(folder: Path, **config: object) -> str:
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "model.safetensors").write_bytes(b"")
    return str(folder)


def test_weights_that_are_quantised_in_their_files_are_not_quantised_again(tmp_path: Path) -> None:
    pytest.importorskip("bitsandbytes", reason="pip install -e '.[quantized]'")
    stored = HuggingFace(id=_stored(tmp_path, quantization_config={"quant_method": "gptq"}))
    with pytest.raises(Fault, match=r"model\.quantization=4bit: .* quantised already \(gptq\)"):
        replace(stored, quantization="4bit").check()


def test_a_model_is_quantised_by_its_setting_or_in_its_files(tmp_path: Path) -> None:
    plain = HuggingFace(id=_stored(tmp_path))
    assert not plain.quantised
    assert replace(plain, quantization="8bit").quantised
    assert HuggingFace(id=_stored(tmp_path, quantization_config={"quant_method": "awq"})).quantised


@pytest.mark.parametrize("device", ["gpu", "cuda:", "cuda:one", "auto ", "several"])
def test_a_device_that_torch_and_accelerate_do_not_know_is_refused_by_the_schema(device: str) -> None:
    with pytest.raises(ValidationError, match=r"expected auto, cpu, cuda, cuda:1, mps, or over several GPUs balanced"):
        HuggingFace(id="some/model", device=device)


def test_type_and_quantisation_count_where_they_are_set_and_the_device_never() -> None:
    plain = identity(HuggingFace(id="some/model"))
    assert plain == {**COUNTED, "id": "some/model", "revision": None, "structured": False, "state": []}
    assert identity(HuggingFace(id="some/model", device="balanced", batch_size=1)) == plain
    assert identity(HuggingFace(id="some/model", quantization="4bit")) == {**plain, "quantization": "4bit"}
    assert identity(HuggingFace(id="some/model", dtype="float32")) == {**plain, "dtype": "float32"}


def test_the_identity_of_an_untuned_model_stays_as_it_was_first_kept(tmp_path: Path) -> None:
    stored = _stored(tmp_path)
    os.utime(tmp_path / "config.json", ns=(1, 1))
    os.utime(tmp_path / "model.safetensors", ns=(2, 2))
    hub = {**COUNTED, "id": "some/model", "revision": None, "structured": False, "state": []}
    folder = {**hub, "id": stored, "state": [("config.json", 2, 1), ("model.safetensors", 0, 2)]}
    assert identity(HuggingFace(id="some/model")) == hub
    assert identity(HuggingFace(id=stored)) == folder
    embedded = {"class": "runner.model.smollm2.SmolLM2", "version": 1, "structured": False}
    assert identity(SmolLM2(folder="anywhere")) == embedded


def test_tuned_weights_count_wherever_they_lie(tmp_path: Path) -> None:
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
        _stored(tmp_path / name)
        for file in (tmp_path / name).iterdir():
            os.utime(file, ns=(1, 1))
    untuned = HuggingFace(id="some/model")
    here, there = (identity(untuned.tuned_in(tmp_path / name)) for name in ("here", "there"))
    assert here == there == {**identity(untuned), "state": [("tuned/config.json", 2, 1), ("tuned/model.safetensors", 0, 1)]}
    (tmp_path / "there" / "model.safetensors").write_bytes(b"other weights")
    assert identity(untuned.tuned_in(tmp_path / "there")) != here


def test_a_tuned_folder_without_a_model_is_a_fault_before_a_kept_reply_of_the_untuned_model_is_taken(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    model = HuggingFace(id=_stored(tmp_path / "base"))
    with pytest.raises(Fault, match=r"model\.tuned=.*mistyped: neither adapter_config\.json nor config\.json is there"):
        model.tuned_in(tmp_path / "mistyped").check()


def test_a_folder_without_weights_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "llama"}')
    with pytest.raises(Fault):
        HuggingFace(id=str(tmp_path)).check()


def test_a_folder_goes_by_its_name_and_a_hub_id_by_itself(tmp_path: Path) -> None:
    assert HuggingFace(id=str(tmp_path)).name == tmp_path.name
    assert HuggingFace(id="owner/model").name == "owner/model"


def test_the_state_changes_when_a_file_of_the_folder_changes(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    before = HuggingFace(id=str(tmp_path)).state()
    (tmp_path / "config.json").write_text('{"a": 1}')
    assert HuggingFace(id=str(tmp_path)).state() != before
