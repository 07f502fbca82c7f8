"""Arranged words in, a refusal, forecast or permission out."""

from collections.abc import Sequence

from hydra.types import RunMode

from runner.config.compose import composed, options, swept_over
from runner.errors import InvalidInput
from runner.launcher.installed import check_launcher
from runner.sweep.grid import choices, compose_points
from runner.sweep.looks import counts
from runner.sweep.preflight import FORECASTS, checked, forecast

OURS = "runner"  # the sweeper of this package, by its choice


def accepted(words: Sequence[str]) -> bool:
    """Return true if Hydra shall do the command.

    Forecasts are printed here. Raise InvalidInput with all that is wrong. It is done before Hydra begins, which first of all
    writes the config, logs, and makes what the config says.
    """
    read = options(words)
    if read.shell_completion:
        return True
    with composed(words) as config:
        # These only print something.
        if read.help or read.hydra_help or read.cfg or read.info:
            return True
        sweeper = config.hydra.runtime.choices["hydra/sweeper"]
        several = read.multirun or config.hydra.mode is RunMode.MULTIRUN
        # Hydra would refuse them too, but a forecast never reaches Hydra.
        if several_values := [] if several else swept_over(read.overrides):
            raise InvalidInput(f"{' '.join(several_values)}: found several values. A sweep over them needs -m: run.py -m ...")
        if several:
            check_launcher(config.hydra)
            for name in FORECASTS if sweeper != OURS else ():
                if config[name] is True:
                    raise InvalidInput(f"{name}=true: hydra/sweeper={sweeper} makes no forecast. Expected hydra/sweeper={OURS}")
            # Our sweeper checks every point before it launches one.
            points = [] if sweeper == OURS else [config, *compose_points(config, choices(config, read.overrides))]
            if any(map(counts, points)):
                raise InvalidInput(f"seeds=auto: hydra/sweeper={sweeper} compares no arms. Expected hydra/sweeper={OURS}")
            return True
        if forecast([config]):
            return False
        checked([config])
        return True
