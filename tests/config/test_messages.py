"""What Hydra refuses is told with what was meant, the choices there are, and the place in one's own yaml."""

import re
from pathlib import Path

import pytest
from hydra.errors import HydraException
from omegaconf import OmegaConf
from yaml import YAMLError

from runner.config.command_line import arranged
from runner.config.messages import CONF, refusal
from tests.given import study

SIZES = "no such choice. Expected 10x, 1x, 5x, count, fraction, full, tokens"
OTHERS = "Another kind of size needs a command of its own; run.py --compare compares them"


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        (["metod=human"], "metod: no such group or setting. Did you mean method?"),
        (["model@techer=openai"], "model@techer: no such group or setting. Did you mean model@teacher?"),
        (["tuner.epoch=1"], "tuner.epoch: no such setting. Did you mean tuner.epochs?"),
        (["tunr.epochs=1"], "tunr.epochs: no such setting. Did you mean tuner.epochs?"),
        (["teacher.temprature=1"], "teacher.temprature: no such setting. Did you mean teacher.temperature?"),
        (["baseline.rag.promt=x"], "baseline.rag.promt: no such setting. Did you mean baseline.rag.prompt?"),
        (["budget.usdd=1"], "budget.usdd: no such setting. Did you mean budget.usd?"),
        (
            ["retention=none", "retention.floor=0.9"],
            "retention.floor: what is chosen has no such setting; it belongs to retention=general",
        ),
        (["method=nope"], "method=nope: no such choice. Expected document, fact, human, human+fact, mixed, passage, token"),
        (["size=7x"], f"size=7x: {SIZES}; 7x is size=5x size.scale=7, several are size=5x size.scale=7,14. {OTHERS}"),
        (["size=2.5x"], f"size=2.5x: {SIZES}; 2.5x is size=5x size.scale=2.5, several are size=5x size.scale=2.5,5. {OTHERS}"),
        (
            ["size=500"],
            f"size=500: {SIZES}; 500 is size=count size.labels=500, several are size=count size.labels=500,1000. {OTHERS}",
        ),
        (
            ["size=0.5"],
            f"size=0.5: {SIZES}; 0.5 is size=fraction size.fraction=0.5, several are size=fraction size.fraction=0.5,1. {OTHERS}",
        ),
        (["size=1.5"], f"size=1.5: {SIZES}"),  # no number of labels, and no share of them
        (["size=0"], f"size=0: {SIZES}"),
        (
            ["model@teacher=opnai"],
            f"model@teacher=opnai: no such choice. Expected {', '.join(sorted(file.stem for file in CONF.glob('model/*.yaml')))}",
        ),
        (["baseline=[rag,bas]"], "baseline=bas: no such choice. Expected base, rag"),
        (
            ["experiment=ours"],
            "experiment=ours: no such choice. Expected careful, errors, paper, review. For a yaml of your own name the folder "
            "that holds experiment/ours.yaml: --config-dir FOLDER",
        ),
        (
            ["store='${seed'"],
            "store: the value holds ${, and can't be read as a reference. Expected a reference such as ${seed} or "
            "${oc.env:HOME}; a text that only holds these two characters has \\${ there",
        ),
        (["method=1"], "method=1: no such choice. Expected document, fact, human, human+fact, mixed, passage, token"),
    ],
)
def test_what_the_command_line_got_wrong_is_told_with_what_was_meant(overrides: list[str], words: str) -> None:
    with pytest.raises(HydraException) as caught:
        study(*arranged(overrides))
    assert refusal(caught.value, arranged(overrides)) == words


@pytest.mark.parametrize("size", ["7x", "2.5x", "500", "0.5"])
def test_the_size_that_is_advised_can_be_typed(size: str) -> None:
    with pytest.raises(HydraException) as caught:
        study(*arranged([f"size={size}"]))
    advice = re.search(r"is (\S+) (\S+), several are (\S+) (\S+)\. ", refusal(caught.value, arranged([f"size={size}"])))
    assert advice
    choice, one, same_choice, several = advice.groups()
    assert choice == same_choice
    assert study(*arranged([choice, one])).size.name.startswith(size)
    assert several.startswith(f"{one},")
    study(*arranged([choice, f"{one.partition('=')[0]}={several.rpartition(',')[2]}"]))


def test_a_yaml_that_can_not_be_read_is_told_with_file_line_and_column(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text("defaults:\n  - override /size: 1x\n - override /method: fact\n")
    with pytest.raises(YAMLError) as caught:
        OmegaConf.load(tmp_path / "ours.yaml")
    words = "not yaml: while parsing a block mapping, expected <block end>, but found '<block sequence start>'"
    assert refusal(caught.value) == f"{tmp_path}/ours.yaml:3:2: {words}"
