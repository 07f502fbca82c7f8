"""A command line as people write it, to one that Hydra reads."""

import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from runner.config.messages import is_group

# Hydra's documented options that take a value (hydra.cc/docs/advanced/hydra-command-line-flags).
VALUED = {"-c", "--cfg", "-p", "--package", "-cp", "--config-path", "-cn", "--config-name", "-cd", "--config-dir"}
VALUED |= {"--experimental-rerun"}


def arranged(words: Sequence[str]) -> list[str]:
    """Put options before overrides, and write choices that look like numbers as words.

    Hydra refuses overrides on both sides of an option, and would read size=5 as a number and not as a choice.
    """
    options, overrides = split(words)
    return [*options, *map(_quoted, overrides)]


def split(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Tell options with their values from overrides."""
    options, overrides = list[str](), list[str]()
    rest = iter(words)
    for word in rest:
        if not word.startswith("-"):
            overrides.append(word)
            continue
        options.append(word)
        if word in VALUED:
            options.extend(value for value in [next(rest, None)] if value is not None)
    return options, overrides


def _quoted(override: str) -> str:
    # Every group has a choice in config.yaml, so that + (add) can only mean a change: +experiment=paper is experiment=paper.
    group, _, choices = override.removeprefix("+").partition("=")
    if not is_group(group):
        return override
    return f"{group}=" + ",".join(f"'{choice}'" if re.fullmatch(r"[\d.]+", choice) else choice for choice in choices.split(","))


@contextmanager
def prepared(words: list[str]) -> Iterator[bool]:
    """Arrange a command line in place, and let Hydra's errors come to the caller.

    Yield whether the user wants tracebacks (HYDRA_FULL_ERROR=1). The working folder may hold methods of one's own, so it is
    on the import path, as for python -m.
    """
    sys.path.append(str(Path.cwd()))
    words[1:] = arranged(words[1:])
    traceback = os.environ.get("HYDRA_FULL_ERROR") == "1"
    os.environ["HYDRA_FULL_ERROR"] = "1"  # else Hydra prints its errors itself and exits
    yield traceback
