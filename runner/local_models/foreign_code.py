"""A model in, a Fault for foreign code out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from runner.errors import Fault


def refuse_foreign_code(model: str, revision: str | None = None) -> None:
    """Raise a Fault if a model's config leads elsewhere.

    transformers fetches compiled code from the hub where the config names a repository as its implementation of attention or of
    experts. Beside an adapter it reads the model that the adapter names.
    """
    from transformers import PretrainedConfig

    settings, _ = PretrainedConfig.get_config_dict(model, revision=revision)
    if foreign := [f"{name}: {value}" for name, value in _implementations(settings) if "/" in value]:
        raise Fault(
            f"model.id={model}: its config.json names code of the hub ({', '.join(foreign)}). Code that a model brings with it "
            "is never run. Remove the entry from a copy of the model, or take another model"
        )
    if (Path(model) / "adapter_config.json").exists():
        raise Fault(
            f"model.id={model}: found adapter_config.json beside config.json, so the model that the adapter names would be read "
            "in place of this one. Merge the adapter, or move it out of the folder"
        )


def _implementations(settings: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield the implementations that a config names, at any depth."""
    # One for all parts of the model, or a mapping with one for each.
    if isinstance(settings, dict):
        for key, value in settings.items():
            yield from _implementations(value, name or (key if "implementation" in key else ""))
    elif isinstance(settings, list):
        for value in settings:
            yield from _implementations(value, name)
    elif name and isinstance(settings, str):
        yield name, settings
