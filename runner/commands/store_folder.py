"""Words of a command in, its store's folder out.

A command that only reads the store should answer at once. Hydra takes a second to compose all settings, so it is left out where
nothing but the words and the shipped default can say which store is meant.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from runner.config.places import CONF, own_files
from runner.data.local_folder import local_folder

_PLAIN = re.compile(r"store=([\w./~-]+)")  # a value that Hydra reads as it is written


def store_folder(words: Sequence[str]) -> Path:
    """Return the folder of the store."""
    plain = [_PLAIN.fullmatch(word) for word in words]
    if own_files() or not all(plain):
        from runner.commands.command_settings import command_settings

        with command_settings(words) as config:
            return _whole(config.store)
    if plain and plain[-1]:
        return _whole(plain[-1][1])
    from omegaconf import OmegaConf

    return _whole(OmegaConf.load(CONF / "config.yaml").store)


def _whole(store: str) -> Path:
    # Of a store elsewhere, its sweeps are noted on this machine.
    return local_folder(store).resolve()
