"""A command line in, another command than a run done."""

from collections.abc import Callable, Mapping, Sequence

from runner.commands import at_once
from runner.commands.collect_garbage import collect_garbage
from runner.commands.compare_runs import compare_runs
from runner.commands.disk_use import show_disk_use
from runner.commands.list_runs import list_runs
from runner.commands.list_sections import list_sections
from runner.commands.version import show_version
from runner.config.command_line import split

# A command gets the other words, and imports what is slow only when it is called.
# Where it needs settings, `command_settings` makes them of those words, as for a run.
COMMANDS: Mapping[str, Callable[[Sequence[str]], None]] = {
    **at_once.COMMANDS,
    "--version": show_version,
    "--list": list_runs,
    "--sections": list_sections,
    "--compare": compare_runs,
    "--disk-use": show_disk_use,
    "--gc": collect_garbage,
}


def other_command(words: Sequence[str]) -> bool:
    """Do the command that an option names, wherever it stands."""
    name = next((option for option in split(words)[0] if option in COMMANDS), None)
    if name:
        place = words.index(name)
        COMMANDS[name]([*words[:place], *words[place + 1 :]])
    return name is not None
