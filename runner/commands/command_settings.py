"""Words of a command in, its settings out; nothing runs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from omegaconf import DictConfig

from runner.config.all_faults import faults_told
from runner.config.command_line import arranged, split
from runner.config.compose import composed
from runner.config.own_defaults import naming_files


@contextmanager
def command_settings(words: Sequence[str]) -> Iterator[DictConfig]:
    """Compose the settings of a command; nothing is run.

    `words` are its options and overrides, without the name of the command. Raise InvalidInput with all that is wrong.
    """
    with naming_files(split(words)[1]):
        complete = arranged(words)
        with faults_told(complete), composed(complete) as config:
            yield config
