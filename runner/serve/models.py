"""Names of models, to models on this machine and to what OpenAI's wire tells of them."""

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

from runner.errors import Fault
from runner.model.huggingface import HuggingFace
from runner.model.smollm2 import SmolLM2
from runner.serve.refusal import Refusal

EMBEDDINGS = "all-minilm-l6-v2"


@dataclass(frozen=True)
class Served:
    """A model under the name that clients ask for, since when it is there, and who made it."""

    name: str
    model: HuggingFace
    created: int = field(default_factory=lambda: int(time.time()))
    owner: str = "runner"

    @property
    def told(self) -> dict[str, Any]:
        """What the wire tells of it."""
        return {"id": self.name, "object": "model", "created": self.created, "owned_by": self.owner}


class Models:
    """All that is served: what the command named, and what was tuned here."""

    def __init__(self, given: list[Served]) -> None:
        """Serve these models; those that are tuned here come to them."""
        if twice := [name for name, times in Counter(one.name for one in given).items() if times > 1]:
            raise Fault(f"two models are called {twice[0]}: give one of them another name, NAME={twice[0]}")
        self.given = {one.name: one for one in given}
        self.tuned: dict[str, Served] = {}

    def find(self, name: str) -> Served:
        """The model of this name; a Refusal that names those that there are."""
        if found := self.given.get(name) or self.tuned.get(name):
            return found
        there = ", ".join([*self.given, *self.tuned])
        raise Refusal(404, f"no model {name!r} is served here; there are {there}", param="model", code="model_not_found")

    def routes(self) -> APIRouter:
        """GET /v1/models and /v1/models/NAME."""
        router = APIRouter()
        own = {"id": EMBEDDINGS, "object": "model", "created": 0, "owned_by": "sentence-transformers"}

        @router.get("/v1/models")
        def every() -> dict[str, Any]:
            found = [*self.given.values(), *self.tuned.values()]
            return {"object": "list", "data": [*(one.told for one in found), own]}

        @router.get("/v1/models/{name:path}")
        def one(name: str) -> dict[str, Any]:
            return own if name == EMBEDDINGS else self.find(name).told

        return router


def served(given: str, store: Path) -> Served:
    """What `given` names: smollm2, a folder (a model, a tuning of the store), or a hub id; NAME=... serves it as NAME."""
    named = "=" in given and not Path(given).expanduser().is_dir()
    name, source = given.split("=", 1) if named else ("", given)
    if source != SmolLM2.name and not Path(source).expanduser().is_dir():
        _check_id(source)
    model = _model(source, store)
    try:
        model.check()
    except Fault as fault:  # which names settings of run.py
        raise Fault(str(fault).replace("model.id=", "").replace("model=", "")) from fault
    return Served(name or (Path(model.tuned).name if model.tuned else model.name), model)


def _model(source: str, store: Path) -> HuggingFace:
    folder = Path(source).expanduser()
    if source == SmolLM2.name:
        return SmolLM2(folder=str(store / "models")).plain()
    if (folder / "adapter_config.json").exists():
        base = json.loads((folder / "adapter_config.json").read_text(encoding="utf-8"))["base_model_name_or_path"]
        return HuggingFace(id=base, **_as_tuned(folder)).tuned_in(folder)
    if (folder / "manifest.json").exists() and (folder / "config.json").exists():
        return _whole(folder, store)
    return HuggingFace(id=str(folder) if folder.is_dir() else source)


def _check_id(source: str) -> None:
    """Raise a Fault, before the hub is asked, where it could have no model of this name."""
    with suppress(HFValidationError):
        validate_repo_id(source)
        if "/" in source:
            return
    raise Fault(
        f"{source}: no such folder, and no hub id. Expected {SmolLM2.name}, a folder that holds a model, or OWNER/NAME "
        "such as HuggingFaceTB/SmolLM2-360M-Instruct"
    )


def _as_tuned(folder: Path) -> dict[str, Any]:
    """How the model was loaded that the store's tuning was made of: beside other weights, an adapter answers otherwise."""
    model = _tuned_of(folder) if (folder / "manifest.json").exists() else {}
    return {name: model[name] for name in ("revision", "dtype", "quantization") if name in model}


def _whole(folder: Path, store: Path) -> HuggingFace:
    """A tuning of all weights, as the store keeps it: its manifest tells which model was tuned, whose tokenizer is needed."""
    try:
        base = _tuned_of(folder)
        return replace(_model(base.get("id", SmolLM2.name), store), **_as_tuned(folder)).tuned_in(folder)
    except (ValueError, LookupError, AttributeError) as error:
        raise Fault(f"{folder}/manifest.json does not tell which model was tuned: expected a tuning of the store") from error


def _tuned_of(folder: Path) -> dict[str, Any]:
    """The model that the store's tuning was made of, as its manifest tells it."""
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["made_of"][1]
    return found
