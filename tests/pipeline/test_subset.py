"""Labels to the subset that is trained on, and ledgers to words."""

from dataclasses import replace
from pathlib import Path

import pytest

from runner.config.study import Study
from runner.data.records import Labelling, Ledger
from runner.errors import Fault
from runner.pipeline.labels import label
from runner.pipeline.results import Output
from runner.pipeline.store_executor import StoreExecutor
from runner.pipeline.subset import draw
from tests import given
from tests.pipeline.given import LABELS
from tests.teacher import corpus, taught, taught_by, teaching

EMPTY = Labelling(labels=(), ledgers=(Ledger(stage="pairs", requested=2, kept=0, failed={"cut off": 2}),))


def test_the_size_draws_by_the_seed_of_subsets() -> None:
    first, again, other = (given.study("size=count", "size.labels=4", f"subset_seed={seed}") for seed in (0, 0, 1))
    labelling = Output(value=Labelling(labels=LABELS))
    assert len(draw(first, labelling).value.labels) == 4
    assert draw(first, labelling) == draw(again, labelling) != draw(other, labelling)


def test_no_label_that_is_left_is_a_fault_with_the_ledgers(study: Study) -> None:
    with pytest.raises(Fault, match=r"no label is left to train on\. .*\npairs: 2 requested, 0 kept \(2 cut off\)"):
        draw(study, Output(value=EMPTY))


def test_a_teacher_that_is_paid_is_asked_again_by_another_seed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    chosen = [*corpus(tmp_path), "method=token"]
    replies = ["I'm sorry, but I can't help with that."]
    with teaching(lambda text: taught(text) if replies == [] else replies[0]) as (url, asked):

        def labels(*more: str) -> int:
            study = given.study(*chosen, *taught_by(url), *more)
            return len(draw(study, label(study, StoreExecutor(study))).value.labels)

        with pytest.raises(Fault, match=r"The replies of gpt-5-mini are kept, .* with generation_seed=1$"):
            labels()
        replies.clear()
        before = len(asked)
        with pytest.raises(Fault, match=r"generation_seed=1$"):
            labels()
        assert len(asked) == before
        assert labels("generation_seed=1") > 0
    with pytest.raises(Fault) as recorded:
        draw(given.study(), Output(value=EMPTY))
    assert "are kept" not in str(recorded.value)


def test_a_guess_that_no_label_is_left_does_not_stop_a_forecast(study: Study) -> None:
    guessed = replace(Output(value=EMPTY), guess="labels")
    assert (draw(study, guessed).value.labels, draw(study, guessed).guess) == ((), "labels")
