"""A command line of people in, one for Hydra out."""

import os
import re
import sys
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from runner.config.messages import is_group
from runner.config.override_text import quoted_text
from runner.config.own_defaults import own_defaults

# Hydra's documented options that take a value (hydra.cc/docs/advanced/hydra-command-line-flags).
VALUED = {"-c", "--cfg", "-p", "--package", "-cp", "--config-path", "-cn", "--config-name", "-cd", "--config-dir"}


def arranged(words: Sequence[str]) -> list[str]:
    """Put options before overrides, and quote where it is needed.

    Defaults of one's own come in as the first overrides. Hydra refuses overrides on both sides of an option, would read size=5
    as a number and not as a choice, and can't read a text with an apostrophe or with letters beyond ASCII that has no quotes.
    """
    options, overrides = split(words)
    # Completion installs and asks; it composes nothing.
    own = [] if {"-sc", "--shell-completion"} & {*options} else own_defaults(overrides)
    return [*options, *map(quoted, [*own, *overrides])]


def split(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Separate options, with their values, from overrides."""
    options, overrides = list[str](), list[str]()
    rest = iter(words)
    for word in rest:
        (options if word.startswith("-") else overrides).append(word)
        if word in VALUED:
            options.extend(islice(rest, 1))  # its value, which may look like an override: --config-dir lr=0.1/mine
    return options, overrides


def quoted(override: str) -> str:
    """Quote what Hydra would read otherwise than it is meant."""
    return quoted_text(_quoted_choices(override))


def _quoted_choices(override: str) -> str:
    # Every group has a choice in config.yaml, so that + (add) can only mean a change: +experiment=paper is experiment=paper.
    group, _, choices = override.removeprefix("+").partition("=")
    if not is_group(group):
        return override
    return f"{group}=" + ",".join(f"'{choice}'" if re.fullmatch(r"[\d.]+", choice) else choice for choice in choices.split(","))


def prepare(words: list[str]) -> bool:
    """Arrange a command line in place; let Hydra raise errors.

    Return true if the user wants tracebacks (HYDRA_FULL_ERROR=1).
    """
    # The working folder may hold methods of one's own, so it is on the import path, as for python -m.
    sys.path.append(str(Path.cwd()))
    words[1:] = arranged(words[1:])
    traceback = os.environ.get("HYDRA_FULL_ERROR") == "1"
    os.environ["HYDRA_FULL_ERROR"] = "1"  # else Hydra prints its errors itself and exits
    return traceback
