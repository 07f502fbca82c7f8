"""A model's files can't make transformers load code or another model."""

import json
from pathlib import Path
from typing import Any

import pytest

from runner.errors import Fault
from runner.local_models.foreign_code import refuse_foreign_code
from runner.local_models.loading import Source, to_answer
from runner.model.huggingface import HuggingFace


def model(folder: Path, **settings: Any) -> str:
    """Write a config.json; return its folder."""
    (folder / "config.json").write_text(json.dumps({"model_type": "llama", **settings}))
    return str(folder)


@pytest.mark.parametrize(
    "settings",
    [
        {"attn_implementation": "ours/kernel"},
        {"_attn_implementation": {"": "sdpa", "text_config": "ours/kernel@main"}},
        {"text_config": {"experts_implementation": "ours/kernel:layer"}},
    ],
)
def test_code_of_the_hub_in_a_config_is_refused_by_name(settings: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(Fault, match=r"implementation: ours/kernel.*never run"):
        refuse_foreign_code(model(tmp_path, **settings))


def test_an_implementation_of_transformers_itself_is_allowed(tmp_path: Path) -> None:
    refuse_foreign_code(model(tmp_path, _attn_implementation="sdpa", _name_or_path="ours/model"))


def test_an_adapter_beside_the_config_is_refused(tmp_path: Path) -> None:
    (tmp_path / "adapter_config.json").write_text('{"base_model_name_or_path": "another/model"}')
    with pytest.raises(Fault, match="the model that the adapter names"):
        refuse_foreign_code(model(tmp_path))


def test_it_is_refused_by_the_check_and_wherever_a_model_is_loaded(tmp_path: Path) -> None:
    folder = model(tmp_path, attn_implementation="ours/kernel")
    (tmp_path / "model.safetensors").write_bytes((2).to_bytes(8, "little") + b"{}")
    for refuse in (HuggingFace(id=folder, device="cpu").check, lambda: to_answer(Source(id=folder, device="cpu"))):
        with pytest.raises(Fault, match="names code of the hub"):
            refuse()
