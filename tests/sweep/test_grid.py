"""Sweep overrides to points: the same ones, in the same order, as those of Hydra's own sweeper."""

from pathlib import Path

import pytest
from hydra import initialize_config_dir
from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser

from runner.config.messages import CONF
from runner.errors import InvalidInput
from runner.sweep.grid import axes_of, built, compose_points, points, swept
from tests import given
from tests.sweep.given import composed, corpus, quick


def hydras(arguments: list[str]) -> list[list[str]]:
    """The points of Hydra's own sweeper."""
    parser = OverridesParser.create(config_loader=GlobalHydra.instance().config_loader())
    batches = BasicSweeper.split_arguments(parser.parse_overrides(arguments), None)
    return [list(point) for batch in batches for point in batch]


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        ([], 1),
        (["seed=3", "method=token"], 1),
        (["method=token,fact", "size=1x,5x,10x"], 6),
        (["method=choice(token,fact)", "seed=range(1,4)"], 6),
        (["seed=range(0,10,step=5)", "tuner.rate=1e-3,1e-4"], 4),
        (["size=glob(*x)"], 3),
        (["size=glob(*,exclude=[count,fraction,full,tokens])"], 3),
        (["seed=sort(3,1,2)"], 3),
        (["seed=sort(range(1,4),reverse=true)"], 3),
        (["tuner.rate=tag(a,choice(0.1,0.2))"], 2),
        (["seed=shuffle(1)"], 1),
        (["method=token,fact", "seed=1,2", "method=human"], 2),
        (["method=human", "seed=1,2", "method=token,fact"], 4),
        (["+corpus.documents=[a,b],[c]"], 2),
        (["instruction='Answer, briefly.'"], 1),
        (["~tuner.steps", "seed=1,2"], 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_points_are_those_of_hydras_own_sweeper(arguments: list[str], count: int) -> None:
    with initialize_config_dir(str(CONF), version_base="1.3"):
        assert points(axes_of(arguments)) == hydras(arguments)
        assert len(points(axes_of(arguments))) == count


def test_shuffled_values_are_the_same_values() -> None:
    # The order is drawn anew at each parse, so it can't be compared with another one.
    with initialize_config_dir(str(CONF), version_base="1.3"):
        shuffled = points(axes_of(["seed=shuffle(range(1,9))"]))
    assert sorted(shuffled) == [[f"seed={number}"] for number in range(1, 9)]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["method=token,fact", "seed=3", "size=1x,5x"], "4 runs: method=token,fact x size=1x,5x"),
        (["seed=range(1,4)"], "3 runs: seed=1,2,3"),
        (["instruction=Answer briefly, in German."], '2 runs: instruction="Answer briefly","in German."'),
        (["instruction='Answer, briefly.'"], "1 run: nothing is swept"),
        (["seed=1,2", "seed=3"], "1 run: nothing is swept"),
    ],
)
def test_what_is_swept_is_said_in_a_line(arguments: list[str], words: str) -> None:
    with initialize_config_dir(str(CONF), version_base="1.3"):
        assert swept(axes_of(arguments)) == words


def test_an_interval_is_refused_with_words() -> None:
    with initialize_config_dir(str(CONF), version_base="1.3"), pytest.raises(InvalidInput) as caught:
        axes_of(["method=token,fact", "tuner.rate=interval(0,1)"])
    assert str(caught.value) == (
        "tuner.rate=interval(0,1): found an interval, which has no end of values. Expected values, such as "
        "tuner.rate=1,2,3 or tuner.rate='range(1,4)'"
    )


def test_every_point_is_composed_with_the_commands_own_settings_of_hydra(tmp_path: Path) -> None:
    common = quick(tmp_path, f"sqlite:///{tmp_path}/mlflow.db")
    with composed(*common) as config:
        composed_points = compose_points(config, [[*common[1:], f"size={size}"] for size in ("1x", "5x")])
    assert [point.size.scale for point in composed_points] == [1, 5]
    # Without the command's search path there would be no model named quick.
    assert {point.model._target_ for point in composed_points} == {"tests.sweep.given.QuickModel"}


def test_a_study_is_built_as_the_command_chose_it(tmp_path: Path) -> None:
    overrides = [*corpus(tmp_path / "docs", "Who won?"), "tuner.rank=4"]
    with composed(*overrides) as config:
        study = built(config, config.hydra)
    assert (study.choices["corpus"], study.overrides) == ("folder", {"corpus.title": "cup", "tuner.rank": "4"})
    assert study.key("tuned") == given.study(*overrides).key("tuned")
