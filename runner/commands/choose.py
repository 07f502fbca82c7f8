"""A command line in, another command than a run done."""

from collections.abc import Callable, Mapping, Sequence

from runner.commands.compare_runs import compare_runs
from runner.commands.disk_use import show_disk_use
from runner.commands.list_runs import list_runs
from runner.commands.list_sections import list_sections
from runner.commands.version import show_version

# By the first word. A command gets the words behind it, and imports what is slow only when it is called.
# Where it needs settings, `command_settings` makes them of those words, as for a run.
COMMANDS: Mapping[str, Callable[[Sequence[str]], None]] = {
    "--version": show_version,
    "--list": list_runs,
    "--sections": list_sections,
    "--compare": compare_runs,
    "--disk-use": show_disk_use,
}


def other_command(words: Sequence[str]) -> bool:
    """Do the command that the first word names."""
    command = COMMANDS.get(words[0]) if words else None
    if command:
        command(words[1:])
    return command is not None
