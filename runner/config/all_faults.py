"""A refused command in, all of its faults out.

Hydra ends at the first mistake. So the override that an error is about is left out, and the rest is composed again. This goes
on until nothing is wrong.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override, ValueType
from hydra.errors import HydraException, MissingConfigException, OverrideParseException
from omegaconf.errors import OmegaConfBaseException
from yaml import YAMLError

from runner.config.command_line import split
from runner.config.compose import composed
from runner.config.messages import is_group, named, refusal, strange_names
from runner.config.override_text import is_readable
from runner.errors import Fault, InvalidInput

TRIED = 20  # values of each axis of a sweep: one takes about 0.1 s, and a range may have thousands


@contextmanager
def faults_told(words: Sequence[str]) -> Iterator[None]:
    """Raise InvalidInput with all faults where Hydra refuses."""
    try:
        yield
    except (HydraException, OmegaConfBaseException, YAMLError) as error:
        raise InvalidInput(all_faults(error, words)) from error


def all_faults(error: Exception, words: Sequence[str]) -> str:
    """Describe an error of Hydra and every other fault.

    `words` are those of the command, as they were typed or arranged.
    """
    options, overrides = split(words)
    several = [override for override in overrides if is_readable(override) and _parsed(override).is_sweep_override()]
    faults, sound = _of_point(options, [override for override in overrides if override not in several])
    # Not every point of a sweep: two of its axes rarely make a fault together.
    for value in chain.from_iterable(map(_values, several)):
        faults += _of_point(options, [*sound, value])[0]
    return "\n".join(dict.fromkeys(faults)) or refusal(error, overrides)


def _values(override: str) -> list[str]:
    """Return an override with each of its several values."""
    parsed = _parsed(override)
    # A glob() finds only choices that there are, and an interval() has no end.
    if not parsed.is_discrete_sweep() or parsed.value_type == ValueType.GLOB_CHOICE_SWEEP:
        return []
    return [f"{parsed.get_key_element()}={value}" for value in islice(parsed.sweep_string_iterator(), TRIED)]


def _of_point(options: Sequence[str], overrides: Sequence[str]) -> tuple[list[str], list[str]]:
    """Describe all that is wrong with one point.

    Return too the overrides that can be composed.
    """
    # Imported here, since it loads every contract and only a refused command needs it.
    from runner.config.build import build

    faults, roles, left = list[str](), list[str](), list(overrides)
    while True:
        try:
            with composed([*options, *left]) as config:
                build(config, config.hydra.runtime.choices, list(config.hydra.overrides.task))
            return faults, left
        except Fault as fault:
            # A group whose choice was left out has its default choice here. Faults of that one are not the user's.
            places = tuple(f"{role}{end}" for role in roles for end in (":", "."))
            return [*faults, *(line for line in str(fault).splitlines() if not line.startswith(places))], left
        except (HydraException, OmegaConfBaseException, YAMLError) as error:
            faults += refusal(error, left).splitlines()
            rest = [kept for override in left for kept in _rest(error, override, left)]
            gone = [named(_parsed(override)) for override in left if override not in rest and is_readable(override)]
            # Without its experiment, other overrides may be unknown. An error of a yaml stays, whatever is left out.
            if rest == left or "experiment" in gone:
                return faults, rest
            roles += [name.rpartition("@")[2] for name in gone if is_group(name)]
            left = [override for override in rest if not override.startswith(tuple(f"{role}." for role in roles))]


def _rest(error: Exception, override: str, overrides: Sequence[str]) -> list[str]:
    """Return an override without what an error is about."""
    if isinstance(error, OverrideParseException):
        return [override] * (override != error.override)
    if not is_readable(override):
        return [override]
    parsed = _parsed(override)
    if isinstance(error, MissingConfigException) and error.missing_cfg_file:
        group, _, choice = error.missing_cfg_file.rpartition("/")
        values = parsed.value()
        if parsed.key_or_group != group or choice not in (values if isinstance(values, list) else [str(values)]):
            return [override]
        others = [str(value) for value in values if value != choice] if isinstance(values, list) else []
        return [f"{parsed.get_key_element()}=[{','.join(others)}]"] * bool(others)
    return [override] * (not isinstance(error, HydraException) or named(parsed) not in strange_names(error, overrides))


def _parsed(override: str) -> Override:
    return OverridesParser.create().parse_override(override)
