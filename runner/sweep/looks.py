"""Configs with seeds=auto in, the trainings of each look out.

A look compares the arms that are there. Only those that more trainings may decide are trained again before the next look.
"""

from collections.abc import Iterator, Sequence

from omegaconf import DictConfig

from runner.config.settings import AUTO
from runner.errors import InvalidInput

LOOKS = "runner.looks"  # the tag of a sweep's run, by which a later comparison of past runs knows the looks
FEWEST = 2  # trainings of an arm whose verdict holds for its method


def looks_of(configs: Sequence[DictConfig]) -> tuple[int, ...]:
    """Return the trainings of an arm at each look.

    Returns () where their number is fixed. Raise InvalidInput if the points of a sweep differ in it.
    """
    kinds = {counts(config) for config in configs}
    if len(kinds) > 1:
        raise InvalidInput(
            "seeds, most_seeds: found several values. With seeds=auto, expected one value of each for all runs of the sweep"
        )
    return kinds.pop()


def counts(config: DictConfig) -> tuple[int, ...]:
    """Return the trainings of an arm at each look."""
    # Any other value is refused when the study is built.
    most = config.get("most_seeds")
    if config.get("seeds") != AUTO or type(most) is not int or most < FEWEST:
        return ()
    return tuple(reversed([*_halved(most)]))


def with_trainings(config: DictConfig, count: int) -> DictConfig:
    """Return a config with a fixed number of trainings."""
    changed = config.copy()
    changed.seeds = count
    return changed


def point_with_trainings(overrides: Sequence[str], count: int) -> list[str]:
    """Return a point's overrides with a fixed number of trainings."""
    # Another yaml may set seeds=auto too, so the override is needed whether the point has one or not.
    return [*(override for override in overrides if override.partition("=")[0] != "seeds"), f"seeds={count}"]


def _halved(count: int) -> Iterator[int]:
    while count >= FEWEST:
        yield count
        count //= 2
