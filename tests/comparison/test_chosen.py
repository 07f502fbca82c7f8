"""Of all settings that arms track, a report shows those that somebody chose."""

import json

from runner.comparison.chosen import with_chosen_settings
from runner.tracker import TrackedRun


def run(parameters: dict[str, str], *chosen: str) -> TrackedRun:
    """A tracked run; one of before the tag existed where nothing is chosen."""
    tags = {"runner.chosen": json.dumps(chosen)} if chosen else {}
    return TrackedRun("1", "n", "FINISHED", tags, parameters, {})


def shown(*runs: TrackedRun) -> list[dict[str, str]]:
    return [dict(run.parameters) for run in with_chosen_settings(runs)]


def test_a_setting_that_is_a_default_everywhere_is_left_out() -> None:
    assert shown(run({"method": "fact", "tuner.rank": "16"}, "method")) == [{"method": "fact"}]


def test_a_setting_that_is_chosen_for_one_arm_is_shown_for_all() -> None:
    default, swept = run({"method": "fact", "tuner.rank": "16"}, "method"), {"method": "fact", "tuner.rank": "8"}
    assert shown(default, run(swept, "method", "tuner.rank")) == [default.parameters, swept]


def test_a_run_without_the_tag_had_no_defaults_tracked() -> None:
    old = {"method": "fact", "tuner.rank": "8"}
    assert shown(run(old), run({"method": "fact", "tuner.rank": "16", "seeds": "1"}, "method"))[0] == old


def test_what_a_training_gave_is_no_setting_and_stays() -> None:
    results = {"labels": "3", "label_tokens": "9", "steps": "1", "shortage": "2 labels, 3 expected"}
    assert shown(run(results, "method")) == [results]
