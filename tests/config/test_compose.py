"""A command's config is composed as Hydra will, and nothing is written."""

from pathlib import Path

import pytest
from hydra.core.hydra_config import HydraConfig
from hydra.errors import HydraException

from runner.config.compose import composed, options
from runner.config.messages import refusal, unread_values
from runner.errors import InvalidInput


def test_values_that_are_swept_over_are_left_out() -> None:
    with composed(["-m", "size=1x,5x", "seed=0,1", "recall=7"]) as config:
        assert (config.seed, config.recall, config.hydra.runtime.choices.size) == (0, 7, "5x")


@pytest.mark.parametrize("own", [[], ["hydra.searchpath=[file:///nowhere]"]])
def test_yaml_of_ones_own_is_found(tmp_path: Path, own: list[str]) -> None:
    (tmp_path / "experiment").mkdir()
    (tmp_path / "experiment" / "ours.yaml").write_text("# @package _global_\nrecall: 7\n")
    with composed([f"--config-dir={tmp_path}", "experiment=ours", *own]) as config:
        assert config.recall == 7


def test_settings_may_be_made_of_hydras_own_and_nothing_is_left_behind(tmp_path: Path) -> None:
    before = HydraConfig.instance().cfg
    with composed([f"hydra.run.dir={tmp_path}/run", "export=${hydra:runtime.output_dir}/model"]) as config:
        assert config.export == f"{tmp_path}/run/model"
    assert not (tmp_path / "run").exists()
    assert HydraConfig.instance().cfg is before


@pytest.mark.parametrize("word", ["--experiment", "--experiment=ours", "--experimental-rerun=config.pickle", "-x"])
def test_an_unknown_option_is_refused_with_what_was_meant(word: str) -> None:
    with pytest.raises(InvalidInput, match=r"no such option\. Settings and groups have no dashes: \w+"):
        options([word])


def test_a_number_in_a_defaults_list_is_refused_with_words(tmp_path: Path) -> None:
    (tmp_path / "experiment").mkdir()
    (tmp_path / "experiment" / "ours.yaml").write_text("# @package _global_\ndefaults:\n  - override /size: 5\n")
    with (
        pytest.raises(HydraException, match=r"In 'experiment/ours': a defaults list can't be read: .*Write each choice as text"),
        composed([f"--config-dir={tmp_path}", "experiment=ours"]),
    ):
        pass


@pytest.mark.parametrize("place", ["nowhere", "file"])
def test_a_config_folder_that_is_none_is_refused_by_its_name_and_without_a_warning(
    place: str, tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(InvalidInput, match=rf"^--config-dir {tmp_path}/{place}: no such folder"),
        composed(["-cd", f"{tmp_path}/{place}"]),
    ):
        pass
    assert not [warning for warning in recwarn if "not available" in str(warning.message)]


def test_a_config_name_that_is_none_is_told() -> None:
    with pytest.raises(HydraException) as caught, composed(["--config-name", "ours"]):
        pass
    assert refusal(caught.value).startswith("--config-name ours: no such yaml. Expected config,")


def test_an_experiment_that_would_change_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "experiment").mkdir()
    (tmp_path / "experiment" / "ours.yaml").write_text("recall: 7\n")
    with composed([f"--config-dir={tmp_path}", "experiment=ours"]) as config:
        assert unread_values(config) == ["experiment: its yaml changes nothing. Expected # @package _global_ as its first line"]
