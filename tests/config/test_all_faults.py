"""All that is wrong with a command is told in one refusal."""

from pathlib import Path

import pytest
from hydra.errors import HydraException

from runner.config.all_faults import all_faults
from runner.config.command_line import arranged

GROUPS = "run.py --cfg job prints every setting, run.py --help every group"


def told(*typed: str) -> list[str]:
    """The lines of a refusal."""
    words = arranged(typed)
    return all_faults(HydraException("of Hydra"), words).splitlines()


def places(*typed: str) -> list[str]:
    """The beginnings of these lines, where a test is not about what follows."""
    return [line.partition(": ")[0] for line in told(*typed)]


def test_unknown_overrides_are_all_told_each_with_what_was_meant() -> None:
    assert told("foo=1", "tuner.ratte=2", "modle=openai", "size=9z") == [
        "size=9z: no such choice. Expected 10x, 1x, 5x, count, fraction, full, tokens",
        f"foo: no such group or setting. {GROUPS}",
        "tuner.ratte: no such setting. Did you mean tuner.rate?",
        "modle: no such group or setting. Did you mean model?",
    ]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (["method=fct", "tuner.rate=x", "size=count", "size.labels=-1"], ["method=fct", "size.labels", "tuner.rate"]),
        (["baseline=[rag,bas]", "metric=[acuracy]", "method=toke"], ["baseline=bas", "metric=acuracy", "method=toke"]),
        (["baseline=[bas,rg]", "seeds=0"], ["baseline=rg", "baseline=bas", "seeds"]),
        (["corpus.purpose=[a", "foo", "size=9z"], ["corpus.purpose=[a", "foo", "size=9z"]),
        # Of a group without its choice nothing else can be said: these are settings of model@teacher=openai.
        (["model@teacher=opnai", "teacher.base_url=http://x", "recall=-1"], ["model@teacher=opnai", "recall"]),
        (["model=huggingfac", "tuner=hosted"], ["model=huggingfac"]),
        # An experiment says what the other overrides mean.
        (["experiment=ours", "foo=1"], ["experiment=ours"]),
    ],
)
def test_choices_values_and_unreadable_overrides_are_told_together(typed: list[str], expected: list[str]) -> None:
    assert sorted(places(*typed)) == sorted(expected)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (["-m", "foo=1", "size=9z,8"], ["foo", "size=9z", "size=8"]),
        (["-m", "tuner.rate=x,1", "seed=range(-1,1)"], ["tuner.rate", "seed"]),
        (["-m", "experiment=a,b", "size=glob(*)"], ["experiment=a", "experiment=b"]),
    ],
)
def test_every_value_of_a_sweep_is_told(typed: list[str], expected: list[str]) -> None:
    assert sorted(places(*typed)) == sorted(expected)


def test_each_experiment_of_a_sweep_is_told_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "experiment").mkdir()
    for name, size in (("number", "5"), ("typo", "5z")):
        (tmp_path / "experiment" / f"{name}.yaml").write_text(f"# @package _global_\ndefaults:\n  - override /size: {size}\n")
    lines = told("-m", f"--config-dir={tmp_path}", "experiment=number,typo,missing")
    assert [line[:40] for line in lines] == [
        "In 'experiment/number': a defaults list ",
        "In 'experiment/typo': size=5z: no such c",
        "experiment=missing: no such choice. Expe",
    ]


def test_an_error_that_comes_from_elsewhere_is_told_as_it_is() -> None:
    assert told("seed=3") == ["of Hydra"]
