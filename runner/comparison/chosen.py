"""Tracked runs in, the settings that people chose out."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from runner.tracker import TrackedRun

RESULTS = {"labels", "label_tokens", "steps", "shortage"}  # tracked beside the settings, when an arm was trained


def chosen_settings(runs: Sequence[TrackedRun]) -> set[str]:
    """Return the settings that people chose in any run."""
    return {name for run in runs for name in _chosen(run)}


def with_chosen_settings(runs: Sequence[TrackedRun], more: Collection[str] = ()) -> list[TrackedRun]:
    """Leave out the settings that are always at their defaults.

    An arm tracks all of its settings. A report that lists them all would hide those that the study is about. A setting that
    was chosen for one arm, or is in `more`, stays in all of them: tuner.rank=16 may be the default, and is an arm of a rank sweep
    all the same.
    """
    names = chosen_settings(runs) | RESULTS | {*more}
    return [replace(run, parameters=_only(run.parameters, names)) for run in runs]


def without_group(parameters: Mapping[str, str], group: str) -> dict[str, str]:
    """Leave out a group's choice and its settings."""
    return {name: value for name, value in parameters.items() if name.partition(".")[0] != group}


def _chosen(run: TrackedRun) -> Sequence[str]:
    # Before there was such a tag, a run tracked nothing but what was chosen.
    tag = run.tags.get("runner.chosen")
    return [str(name) for name in json.loads(tag)] if tag else list(run.parameters)


def _only(parameters: Mapping[str, str], names: set[str]) -> dict[str, str]:
    return {name: value for name, value in parameters.items() if name in names}
