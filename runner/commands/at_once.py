"""A command line in, a command of the store done.

It reads the store alone, and imports neither Hydra nor MLflow nor torch, which take seconds.
"""

from collections.abc import Callable, Mapping, Sequence

from runner.commands.status import show_status
from runner.commands.stop import stop_sweep
from runner.terminal.exits import exit_codes
from runner.terminal.output import prepare_streams

COMMANDS: Mapping[str, Callable[[Sequence[str]], None]] = {"--status": show_status, "--stop": stop_sweep}


def done_at_once(words: Sequence[str]) -> bool:
    """Do the command that an option names, if known here."""
    name = next((word for word in words if word in COMMANDS), None)
    if name:
        place = words.index(name)
        prepare_streams()
        with exit_codes():
            COMMANDS[name]([*words[:place], *words[place + 1 :]])
    return name is not None
