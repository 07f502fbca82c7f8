"""Options and overrides may stand in any order, and a choice may look like a number."""

from runner.config.command_line import arranged
from runner.config.compose import composed


def test_options_may_stand_among_overrides() -> None:
    assert arranged(["store=a", "-m", "size=1x,5", "--config-dir=mine"]) == ["-m", "--config-dir=mine", "store=a", "size=1x,'5'"]
    assert arranged(["seed=1", "--config-dir", "lr=0.1/mine", "-m"]) == ["--config-dir", "lr=0.1/mine", "-m", "seed=1"]
    assert arranged(["seed=1", "--cfg", "job", "tuner.rank=8"]) == ["--cfg", "job", "seed=1", "tuner.rank=8"]


def test_a_group_may_be_chosen_with_a_plus_and_a_setting_keeps_it() -> None:
    assert arranged(["-m", "+experiment=paper", "+prices={a: 1}"]) == ["-m", "experiment=paper", "+prices={a: 1}"]


def test_a_text_that_needs_quotes_gets_them_and_keeps_its_value() -> None:
    words = ['corpus.purpose=Know the part\'s "limits".', "corpus.path=~/docs", "instruction=用一句话回答", "size=1x"]
    once = arranged(words)
    assert arranged(once) == once
    with composed(["-m", *once]) as config:
        values = config.corpus.purpose, config.corpus.path, config.instruction
    assert values == ('Know the part\'s "limits".', "~/docs", "用一句话回答")
