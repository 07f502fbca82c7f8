"""Tuning that a host is paid for, at runner-serve: told beforehand, held against the budget, counted, and deployed at Azure."""

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runner.config.study import Study
from runner.data.records import Draw
from runner.errors import Fault
from runner.pipeline.experiment import train
from runner.pipeline.stages import tune
from runner.preview.forecast import Foresight
from runner.preview.table import show
from runner.spending.budget import COMMAND, Bill
from runner.spending.usage import Spent, metrics, spent_in
from tests import given
from tests.azure import TOKEN, Azure
from tests.conftest import Serving
from tests.teacher import corpus

DRAW = Draw(labels=tuple(given.label(f"What is pin {number}?", answer=f"Pin {number}.") for number in range(10)))
PRICE = "+prices={small: {input: 1, output: 2, training: 3, tuned: {input: 4, output: 5}}}"


@pytest.fixture(autouse=True)
def bill(monkeypatch: pytest.MonkeyPatch) -> Bill:
    """What this command has paid for: nothing yet."""
    for name, nothing in vars(Bill()).items():
        monkeypatch.setattr(COMMAND, name, nothing)
    return COMMAND


@pytest.fixture
def host(serving: Serving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client of a server of one's own."""
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    with serving(tmp_path / "served") as client:
        yield client


def hosted(host: Any, folder: Path, *more: str) -> Study:
    """A study whose student the server tunes for one epoch."""
    if not (folder / "docs").exists():
        corpus(folder)
    common = ["corpus=folder", f"corpus.path={folder}/docs", "retriever=lexical", "retention=none", f"store={folder}/store"]
    student = ["model=openai", "model.id=small", f"model.base_url={host.base_url}", "model.temperature=0", "model.retries=0"]
    tuner = [] if any(one.startswith("tuner=") for one in more) else ["tuner=hosted"]
    return given.study(*common, *student, *tuner, "tuner.epochs=1", "tuner.poll=0.01", "reply_tokens=8", *more)


def test_what_a_job_costs_is_told_before_it_begins_and_kept_with_what_it_made(
    host: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    study = hosted(host, tmp_path, PRICE)
    with caplog.at_level("INFO"):
        tuning, _, kept = tune(study, DRAW, 0)
    (spent,) = spent_in(kept.folder)
    (job,) = host.fine_tuning.jobs.list()
    assert spent == Spent(model="small", hosted=True, requests=1, trained_tokens=job.trained_tokens)
    assert spent.trained_tokens == tuning.tokens > 250
    assert metrics({"tune": [spent]}, study.prices)["cost/tune/usd"] == pytest.approx(3e-6 * tuning.tokens)
    assert "tuning small on 10 examples, about 203 tokens; costs: about $0.00061" in caplog.text


def test_a_job_that_might_pass_the_budget_is_not_begun(host: Any, tmp_path: Path, bill: Bill) -> None:
    for limit in ("budget.tokens=829", "budget.usd=0.00248"):
        with pytest.raises(Fault, match=r"tuning small on 10 examples, which takes up to .* might pass it"):
            tune(hosted(host, tmp_path, PRICE, limit), DRAW, 0)
    assert (list(host.files.list()), bill) == ([], Bill())
    tuning, _, _ = tune(hosted(host, tmp_path, PRICE, "budget.tokens=830"), DRAW, 0)
    assert (bill.tokens, bill.usd) == (tuning.tokens, pytest.approx(3e-6 * tuning.tokens))


def test_a_job_that_was_begun_before_is_not_held_against_the_budget(host: Any, tmp_path: Path, bill: Bill) -> None:
    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("runner.tuner.hosted.time.sleep", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
        tune(hosted(host, tmp_path), DRAW, 0)
    before = replace(bill)
    _, _, kept = tune(hosted(host, tmp_path, "budget.tokens=1"), DRAW, 0)
    assert spent_in(kept.folder)[0].trained_tokens > 250
    assert bill.tokens == before.tokens
    assert len(list(host.fine_tuning.jobs.list())) == 1


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["budget.usd=1", "+prices={small: {input: 1, output: 2}}"], "the price of tuning small"),
        (["budget.usd=1"], "the price of small is not known"),
        (["budget.tokens=9", "tuner.epochs=auto"], "tuner.epochs is auto"),
    ],
    ids=["no price for training", "no price", "no number of epochs"],
)
def test_a_budget_that_could_not_be_held_is_refused_before_anything_is_paid_for(
    host: Any, tmp_path: Path, more: list[str], told: str
) -> None:
    with pytest.raises(Fault, match=told):
        hosted(host, tmp_path, *more).check()


def test_a_preview_tells_what_the_jobs_will_cost_and_then_what_they_did(
    host: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    common = [PRICE, "method=human", "size=full", "seeds=2"]
    study = hosted(host, tmp_path, *common)
    rows = [{"question": one.question, "answer": one.answer, "section": "cup.md#Final"} for one in DRAW.labels]
    (tmp_path / "docs" / "labels.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    foreseen = show([hosted(host, tmp_path, *common, "preview=true")], ["human full"])
    line = foreseen.lines["tune", "small"]
    assert (line.left.requests, line.usd(study.prices)) == (2, (pytest.approx(3e-6 * 406), 0.0))
    assert "cookbook" in (told := capsys.readouterr().out)
    assert "about 406" in told
    assert list(host.files.list()) == []
    tunings = [tune(study, Draw(labels=study.material.labels), seed)[0] for seed in (0, 1)]
    foresight = Foresight()
    foresight.add(hosted(host, tmp_path, *common, "preview=true"))
    line = foresight.lines["tune", "small"]
    assert (line.left.requests, line.kept.trained) == (0, sum(tuning.tokens for tuning in tunings))


def test_the_answers_of_what_is_tuned_have_their_own_price(host: Any, tmp_path: Path) -> None:
    study = hosted(host, tmp_path, PRICE)
    trained = train(study, DRAW, 0)
    (answers,) = trained.sitting.spent["answer"]
    assert answers.model.startswith("ft:small:")
    assert answers.usd(study.prices) == pytest.approx((4 * answers.prompt_tokens + 5 * answers.reply_tokens) / 1e6)
    assert math.isnan(answers.usd({}))


def test_an_arm_at_azure_is_tuned_deployed_asked_and_cleared_away_and_the_second_time_only_read(
    serving: Serving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "none")
    monkeypatch.setenv("AZURE_MANAGEMENT_TOKEN", TOKEN)
    azure = Azure()
    with serving(tmp_path / "served", routes=azure.routes) as client:
        address = str(client.base_url).removesuffix("/v1/")
        where = {"subscription": "sub", "resource_group": "group", "resource": "ours", "address": address, "poll": 0.01}
        place = [f"tuner.deployment.{name}={value}" for name, value in where.items()]
        chosen = ["tuner=azure", "tuner.model=small", "model=azure", "model.id=student", "recall=2", *place]
        study = hosted(client, tmp_path, *chosen)
        study.tuner.check(study.model)
        first = train(study, DRAW, 0)
        assert (azure.asked.count("PUT"), azure.states) == (1, {})
        assert azure.bodies[0]["sku"] == {"name": "developertier", "capacity": 50}
        asked = len(azure.asked)
        again = train(hosted(client, tmp_path, *chosen), DRAW, 0)
        assert (len(azure.asked), again.sitting.answers) == (asked, first.sitting.answers)
    (answers,) = first.sitting.spent["answer"]
    assert answers.model.startswith("ft:student:runner-")
    assert [answer.text for answer in first.sitting.answers] != [""]
