"""Served models and their names."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import openai
import pytest
from openai import OpenAI

from runner.component import identity
from runner.data.manifest import seal
from runner.errors import Fault
from runner.model.huggingface import HuggingFace
from runner.serve.models import Models, Served, served


def weights(folder: Path) -> Path:
    """Write weights of one number."""
    from safetensors.numpy import save_file

    save_file({"layer": np.ones(1)}, folder / "model.safetensors")
    return folder / "model.safetensors"


def test_the_models_are_listed_with_the_one_that_embeds(client: OpenAI) -> None:
    names = [model.id for model in client.models.list()]
    assert names[0] == "small"
    assert "all-minilm-l6-v2" in names
    assert client.models.retrieve("small").id == "small"


def test_a_model_that_is_not_served_is_told_with_those_that_are(client: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="there are small") as refused:
        client.chat.completions.create(model="other", messages=[{"role": "user", "content": "Hello"}])
    assert (refused.value.code, refused.value.param) == ("model_not_found", "model")


def test_a_folder_is_served_by_its_name_or_by_the_one_that_is_given(small_model: HuggingFace, tmp_path: Path) -> None:
    assert served(small_model.id, tmp_path).name == Path(small_model.id).name
    assert served(f"ours={small_model.id}", tmp_path).name == "ours"


def test_a_folder_may_have_an_equals_sign_in_its_path(small_model: HuggingFace, tmp_path: Path) -> None:
    folder = tmp_path / "rate=1" / "small"
    shutil.copytree(small_model.id, folder)
    assert [served(given, tmp_path).name for given in (str(folder), f"ours={folder}")] == ["small", "ours"]


def test_two_models_of_one_name_are_a_fault(small_model: HuggingFace) -> None:
    with pytest.raises(Fault, match="two models are called small: give one of them another name, NAME=small"):
        Models([Served("small", small_model), Served("small", small_model)])


def test_an_adapter_is_served_over_the_model_that_it_names(small_model: HuggingFace, tmp_path: Path) -> None:
    (tmp_path / "adapter_config.json").write_text(json.dumps({"base_model_name_or_path": small_model.id}))
    weights(tmp_path)
    assert served(str(tmp_path), tmp_path).model == HuggingFace(id=small_model.id, tuned=str(tmp_path))


def test_an_adapter_of_the_store_is_served_over_weights_that_are_loaded_as_they_were_for_its_training(
    small_model: HuggingFace, tmp_path: Path
) -> None:
    model = replace(small_model, dtype="float32", quantization="4bit")
    (tmp_path / "adapter_config.json").write_text(json.dumps({"base_model_name_or_path": small_model.id}))
    weights(tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps({"made_of": [{}, identity(model)]}))
    assert served(str(tmp_path), tmp_path).model.source == replace(model.source, device="auto", tuned=str(tmp_path))


def test_a_tuning_of_all_weights_is_served_with_its_models_tokenizer(small_model: HuggingFace, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    weights(tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps({"made_of": [{}, {"id": small_model.id}]}))
    assert served(str(tmp_path), tmp_path).model == HuggingFace(id=small_model.id, tuned=str(tmp_path))


def test_a_whole_model_with_a_manifest_is_served_as_it_is(small_model: HuggingFace, tmp_path: Path) -> None:
    # As the folder is into which the embedded model is converted.
    shutil.copytree(small_model.id, tmp_path / "converted")
    seal(tmp_path / "converted", 1.0, {"wheel": "a"})
    assert served(str(tmp_path / "converted"), tmp_path).model == HuggingFace(id=str(tmp_path / "converted"))


@pytest.mark.parametrize("given", ["nofolder", "ours=nofolder", "./no/folder", "/nowhere", "-a/b"])
def test_a_folder_that_is_not_there_is_told_before_the_hub_is_asked(given: str, tmp_path: Path) -> None:
    with pytest.raises(
        Fault, match=rf"^{given.removeprefix('ours=')}: no such folder, and no hub id\. Expected smollm2, a folder"
    ):
        served(given, tmp_path)


def test_a_folder_that_holds_no_model_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(Fault, match=rf"^{tmp_path} is a folder without config\.json"):
        served(str(tmp_path), tmp_path)


def test_a_model_whose_weights_are_cut_short_is_told_before_it_is_served(small_model: HuggingFace, tmp_path: Path) -> None:
    folder = tmp_path / "cut"
    shutil.copytree(small_model.id, folder)
    file = folder / "model.safetensors"
    file.write_bytes(file.read_bytes()[:-9])
    with pytest.raises(Fault, match=r"cut/model\.safetensors: not a file of weights .*download the model again"):
        served(str(folder), tmp_path)


@pytest.mark.parametrize("damaged", ["", "[1]", '{"base_model_name_or_path"'])
def test_an_adapter_or_a_manifest_that_cannot_be_read_is_a_fault(damaged: str, tmp_path: Path) -> None:
    weights(tmp_path)
    (tmp_path / "adapter_config.json").write_text(damaged)
    with pytest.raises(Fault, match=r"adapter_config\.json does not tell which model the adapter is for"):
        served(str(tmp_path), tmp_path)
    (tmp_path / "adapter_config.json").write_text('{"base_model_name_or_path": "base"}')
    (tmp_path / "manifest.json").write_text(damaged)
    with pytest.raises(Fault, match=r"manifest\.json does not tell which model was tuned"):
        served(str(tmp_path), tmp_path)
