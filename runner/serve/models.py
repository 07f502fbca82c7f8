"""Find served models by name, and list them for clients."""

import json
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from huggingface_hub.errors import HFValidationError
from huggingface_hub.utils import validate_repo_id  # type: ignore[attr-defined]

from runner.data.weights import damaged_weights
from runner.errors import Fault
from runner.model.huggingface import HuggingFace
from runner.model.smollm2 import SmolLM2
from runner.serve.api_errors import ApiError

EMBEDDINGS = "all-minilm-l6-v2"
TOKENIZER = "tokenizer_config.json"  # a file that every tokenizer of transformers writes


@dataclass(frozen=True)
class Served:
    """A model, under the name that clients ask for."""

    name: str
    model: HuggingFace
    created: int = field(default_factory=lambda: int(time.time()))  # Unix time
    owner: str = "runner"

    @property
    def listed(self) -> dict[str, Any]:
        """The model in the form of OpenAI's API."""
        return {"id": self.name, "object": "model", "created": self.created, "owned_by": self.owner}


class Models:
    """All models that are served.

    `given` were named on the command line, `tuned` come from fine-tuning jobs.
    """

    def __init__(self, given: list[Served]) -> None:
        """Serve these models; raise a Fault if two have the same name."""
        if twice := [name for name, times in Counter(model.name for model in given).items() if times > 1]:
            raise Fault(f"two models are called {twice[0]}: give one of them another name, NAME={twice[0]}")
        self.given = {model.name: model for model in given}
        self.tuned: dict[str, Served] = {}

    def find(self, name: str) -> Served:
        """Return a model by name.

        Raises an ApiError that lists all names.
        """
        if model := self.given.get(name) or self.tuned.get(name):
            return model
        names = ", ".join([*self.given, *self.tuned])
        raise ApiError(404, f"no model {name!r} is served here; there are {names}", param="model", code="model_not_found")

    def beneath(self, name: str) -> str:
        """Return the given model beneath a tuned one.

        It is the model itself where it is given, and empty where none is known.
        """
        # The longest first, since a name may begin with another one and a colon.
        names = sorted(self.given, key=len, reverse=True)
        return name if name in self.given else next((base for base in names if name.startswith(f"ft:{base}:")), "")

    def routes(self) -> APIRouter:
        """Make the routes: list and show."""
        router = APIRouter()
        encoder = {"id": EMBEDDINGS, "object": "model", "created": 0, "owned_by": "sentence-transformers"}

        @router.get("/v1/models")
        def list_models() -> dict[str, Any]:
            models = [*self.given.values(), *self.tuned.values()]
            return {"object": "list", "data": [*(model.listed for model in models), encoder]}

        # `:path`, because a hub id holds a slash.
        @router.get("/v1/models/{name:path}")
        def show(name: str) -> dict[str, Any]:
            return encoder if name == EMBEDDINGS else self.find(name).listed

        return router


def served(given: str, store: Path) -> Served:
    """Read an argument of the command, MODEL or NAME=MODEL.

    A model is smollm2, a folder (a model, or a tuning of the store), or a hub id. Raises a Fault where there is no such model.
    """
    # A folder's own path may hold an equals sign.
    named = "=" in given and not Path(given).expanduser().is_dir()
    name, source = given.split("=", 1) if named else ("", given)
    if source != SmolLM2.name and not Path(source).expanduser().is_dir():
        _check_id(source)
    try:
        model = _model(source, store)
        model.check()
        folder = Path(source).expanduser()
        if folder.is_dir() and (reason := damage(folder)):
            raise Fault(f"{source} can't be read: {reason}. Write it again, by run.py export= or by its tuning")
    except Fault as fault:
        # The message names settings of run.py, which this command does not have.
        raise Fault(str(fault).replace("model.id=", "").replace("model=", "")) from fault
    return Served(name or (Path(model.tuned).name if model.tuned else model.name), model)


def damage(folder: Path) -> str:
    """Describe what is damaged in a model's folder; empty if nothing is.

    The config and the heads of the weights are read, which finds a file that is cut short without reading gigabytes.
    """
    weights, configs = sorted(folder.glob("*.safetensors")), sorted(folder.glob("*config.json"))
    if not weights or not configs:
        return f"found {len(configs)} *config.json and {len(weights)} *.safetensors, expected one of each at least"
    for file in configs:
        try:
            json.loads(file.read_bytes())
        except (ValueError, OSError) as error:
            return f"{file.name}: {error}"
    return damaged_weights(weights)


def _model(source: str, store: Path) -> HuggingFace:
    folder = Path(source).expanduser()
    if source == SmolLM2.name:
        return SmolLM2(folder=str(store / "models")).plain()
    if (folder / "adapter_config.json").exists():
        # PEFT writes the name of the base model into the adapter.
        try:
            base = json.loads((folder / "adapter_config.json").read_bytes())["base_model_name_or_path"]
        except (ValueError, LookupError, TypeError) as error:
            raise Fault(f"{folder}/adapter_config.json does not tell which model the adapter is for ({error})") from error
        return HuggingFace(id=base, **_loading_settings(folder)).tuned_in(folder)
    # A tuning of the store has no tokenizer. An exported model and the embedded model's folder have one of their own.
    if (folder / "manifest.json").exists() and (folder / "config.json").exists() and not (folder / TOKENIZER).exists():
        return _whole_tuning(folder, store)
    return HuggingFace(id=str(folder) if folder.is_dir() else source)


def _check_id(source: str) -> None:
    """Raise a Fault if this can be no hub id.

    Checked before the hub is asked: else a misspelt folder would end in a message about the network.
    """
    with suppress(HFValidationError):
        validate_repo_id(source)
        # Ids without an owner are valid for the hub, but they are more often a folder that is not there.
        if "/" in source:
            return
    raise Fault(
        f"{source}: no such folder, and no hub id. Expected {SmolLM2.name}, a folder that holds a model, or OWNER/NAME "
        "such as HuggingFaceTB/SmolLM2-360M-Instruct"
    )


def _loading_settings(folder: Path) -> dict[str, Any]:
    """Return the base model's loading settings at its tuning.

    An adapter fits the weights beside which it was trained; on weights that are loaded in another way its answers differ.
    """
    model = _base_model(folder) if (folder / "manifest.json").exists() else {}
    return {name: model[name] for name in ("revision", "dtype", "quantization") if name in model}


def _whole_tuning(folder: Path, store: Path) -> HuggingFace:
    """Make a model of the store's tuning of all weights.

    Such a folder holds no tokenizer; the base model's is used.
    """
    base = _base_model(folder)
    return replace(_model(base.get("id", SmolLM2.name), store), **_loading_settings(folder)).tuned_in(folder)


def _base_model(folder: Path) -> dict[str, Any]:
    """Read the base model's identity from a manifest.

    Raises a Fault where it is not there.
    """
    try:
        # The store writes what made a tuning in this order: the tuner, the model, the examples.
        return dict(json.loads((folder / "manifest.json").read_bytes())["made_of"][1])
    except (ValueError, LookupError, TypeError) as error:
        raise Fault(f"{folder}/manifest.json does not tell which model was tuned: expected a tuning of the store") from error
