"""Runs are found by ids and keys, also shortened, and a sweep stands for its arms."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from runner.commands.tracked_runs import History, history
from runner.errors import InvalidInput
from tests.commands.given import overrides, past


@pytest.fixture
def ids(tracking_uri: str) -> dict[str, str]:
    return past(tracking_uri)


@pytest.fixture
def tracked(ids: dict[str, str], tracking_uri: str, tmp_path: Path) -> Iterator[History]:
    with history(overrides(tracking_uri, tmp_path)) as tracked:
        yield tracked


def test_a_run_is_found_by_its_id_its_key_and_their_beginnings(tracked: History, ids: dict[str, str]) -> None:
    for word in (ids["small"], ids["small"][:12], "small", "smal"):
        assert tracked.find(word).id == ids["small"]


def test_a_beginning_of_several_runs_or_of_none_is_refused(tracked: History) -> None:
    with pytest.raises(InvalidInput, match=r"^: 6 runs begin so: .*Write more of the id"):
        tracked.find("")
    with pytest.raises(InvalidInput, match=r"nosuch: no run or sweep has an id or a key that begins so\. run\.py --list"):
        tracked.find("nosuch")


def test_a_sweep_stands_for_its_arms_those_of_an_earlier_sweep_too(tracked: History, ids: dict[str, str]) -> None:
    arms = {name: [arm.id for arm in tracked.arms(tracked.find(ids[name]))] for name in ("first", "second", "large")}
    assert arms == {"first": [ids["base"], ids["small"]], "second": [ids["base"], ids["large"]], "large": [ids["large"]]}


def test_a_place_where_nothing_is_tracked_has_no_runs_and_gets_no_file(tmp_path: Path) -> None:
    with history([f"tracker.uri=sqlite:///{tmp_path}/none/mlflow.db"]) as tracked:
        assert tracked.runs == []
    assert not list(tmp_path.iterdir())
