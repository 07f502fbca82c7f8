"""Hydra's own settings in, Faults of code they name out."""

import re
from collections.abc import Iterator
from importlib import import_module
from itertools import chain
from typing import Any

from hydra.experimental.callback import Callback
from omegaconf import DictConfig, ListConfig
from omegaconf.errors import InterpolationToMissingValueError, MissingMandatoryValue

# Hydra makes these itself, and only of its installed plugins.
PLUGINS = ("hydra.launcher._target_", "hydra.sweeper._target_")
FOLLOWED = ("launcher", "sweeper", "callbacks", "job_logging", "hydra_logging")
LOGGING = ("hydra.job_logging", "hydra.hydra_logging")
# Python's logging config calls whatever it is given as a class. These only write lines.
LOG_CLASSES = (
    "logging.Formatter",
    "runner.terminal.plain_text.PlainFormatter",
    "logging.StreamHandler",
    "logging.FileHandler",
    "logging.NullHandler",
    "logging.handlers.RotatingFileHandler",
    "logging.handlers.TimedRotatingFileHandler",
    "logging.handlers.WatchedFileHandler",
    "rich.logging.RichHandler",
    "colorlog.ColoredFormatter",
)
STREAMS = ("ext://sys.stdout", "ext://sys.stderr")
# Environment variables by which a program that a run starts (git, pip, Python, the linker) or a library of it runs other code.
# git takes whole commands from GIT_CONFIG_COUNT, and all of them read files of HOME.
CODE_VARIABLES = re.compile(
    r"(GIT|PIP|PYTHON|LD|DYLD|GLIBC|OPENSSL|XDG|BASH|TORCH|TORCHINDUCTOR|TRITON|AWS)_?.*|PATH|HOME|ENV|SHELL|.*EDITOR|.*PAGER|BROWSER"
    r"|CC|CXX|CPP|.*(PRELOAD|PLUGIN|ASKPASS|COMMAND|EXECUTABLE).*|KUBECONFIG|NETRC"
)


def called_by_hydra(cfg: DictConfig) -> Iterator[str]:
    """Describe each name under `hydra` that would run code.

    An experiment's yaml may hold such settings, and Hydra follows them before any of our checks.
    """
    for name in cfg.hydra.job.env_set or ():
        if CODE_VARIABLES.fullmatch(str(name).upper()):
            yield (
                f"hydra.job.env_set.{name}: found a variable by which a program that a run starts can run code. A config may "
                "come from a stranger, so set it in your shell: export NAME=..."
            )
    parts = {f"hydra.{part}": cfg.hydra[part] for part in FOLLOWED if cfg.hydra[part] is not None}
    for place, name, value in chain.from_iterable(_values(node, part) for part, node in parts.items()):
        path = f"{place}.{name}"
        if name == "_target_" and path not in PLUGINS and not (place.startswith("hydra.callbacks.") and _is_callback(value)):
            yield f"{path}={value}: expected no class here. Only a launcher, a sweeper and callbacks of Hydra have one"
        if place.startswith(LOGGING) and _called_by_logging(name, value):
            yield f"{path}={value}: expected a class that writes log lines, such as {', '.join(LOG_CLASSES[2:5])}"


def _called_by_logging(name: str, value: Any) -> bool:
    # "()" is a factory, and "." holds attributes to set: one of a handler may be a function that is called.
    if name in ("class", "()"):
        return value not in LOG_CLASSES
    return name == "." or (isinstance(value, str) and value.startswith("ext://") and value not in STREAMS)


def _is_callback(target: Any) -> bool:
    module, _, name = str(target).rpartition(".")
    try:
        kind = vars(import_module(module)).get(name)
    except Exception:  # no such module, or its code fails: Hydra would fail too
        return False
    return isinstance(kind, type) and issubclass(kind, Callback)


def _values(node: DictConfig | ListConfig, place: str) -> Iterator[tuple[str, str, Any]]:
    """Yield each value of a node, with place and name."""
    for key in list(node) if isinstance(node, DictConfig) else range(len(node)):
        # A part may be an interpolation as a whole, so it is read as Hydra reads it. Some values exist in a job alone.
        try:
            value = node[key]
        except (InterpolationToMissingValueError, MissingMandatoryValue):
            continue
        if key == "." or not isinstance(value, (DictConfig, ListConfig)):
            yield place, str(key), value
        else:
            yield from _values(value, f"{place}.{key}")
