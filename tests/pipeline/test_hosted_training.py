"""Tuning that a host is paid for, at runner-serve: announced, held against the budget, counted, and deployed at Azure."""

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runner.config.study import Study
from runner.data.preferences import HumanPreference
from runner.data.records import Labelling, Subset, Tuning
from runner.errors import Fault
from runner.hosts.preference_lines import preferences
from runner.pipeline.answer import untuned
from runner.pipeline.checks import check
from runner.pipeline.executor import Executor
from runner.pipeline.experiment import student
from runner.pipeline.judged_replies import judged_replies
from runner.pipeline.practice import practice_questions
from runner.pipeline.refining import refined
from runner.pipeline.results import Checkpoint, Output, StudentResult
from runner.pipeline.store_executor import StoreExecutor
from runner.pipeline.training import train
from runner.preview.forecast import Forecast, ForecastExecutor
from runner.preview.table import forecast, show
from runner.spending.ledger import OwnLedger, Total, paying_from
from runner.spending.usage import Usage, cost_metrics
from tests import given
from tests.azure import TOKEN, Azure
from tests.conftest import Serving
from tests.pipeline.given import LABELS, trained
from tests.teacher import corpus

PRICE = "+prices={small: {input: 1, output: 2, training: 3, tuned: {input: 4, output: 5}}}"


@pytest.fixture(autouse=True)
def ledger() -> Iterator[OwnLedger]:
    """What this command has paid for: nothing yet."""
    with paying_from(OwnLedger()) as own:
        yield own


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
    tuner = [] if any(setting.startswith("tuner=") for setting in more) else ["tuner=hosted"]
    return given.study(*common, *student, *tuner, "tuner.epochs=1", "tuner.poll=0.01", "reply_tokens=8", *more)


def examined(study: Study) -> StudentResult:
    """Train on the labels and let the tuned model answer."""
    return student(study, StoreExecutor(study), Output(value=Labelling(labels=LABELS)), Output(value=Subset(labels=LABELS)), 0)


def test_what_a_job_costs_is_said_before_it_begins_and_kept_with_what_it_made(
    host: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    study = hosted(host, tmp_path, PRICE)
    with caplog.at_level("INFO"):
        student = trained(study)
    (usage,) = student.usage
    (job,) = host.fine_tuning.jobs.list()
    assert usage == Usage(model="small", hosted=True, requests=1, trained_tokens=job.trained_tokens)
    assert usage.trained_tokens == student.value.tuning.tokens > 250
    numbers = cost_metrics({"tune": [usage]}, study.settings.prices)
    assert numbers["cost/tune/usd"] == pytest.approx(3e-6 * student.value.tuning.tokens)
    assert "tuning small on 10 examples, about 203 tokens; costs: about $0.00061" in caplog.text


def test_a_job_that_might_pass_the_budget_is_not_begun(host: Any, tmp_path: Path, ledger: OwnLedger) -> None:
    for limit in ("budget.tokens=829", "budget.usd=0.00248"):
        with pytest.raises(Fault, match=r"tuning small on 10 examples, which takes up to .* might pass it"):
            trained(hosted(host, tmp_path, PRICE, limit))
    assert (list(host.files.list()), ledger.book.total) == ([], Total())
    student = trained(hosted(host, tmp_path, PRICE, "budget.tokens=830"))
    paid = ledger.book.paid
    assert (paid.tokens, paid.usd) == (student.value.tuning.tokens, pytest.approx(3e-6 * student.value.tuning.tokens))


def test_a_job_that_was_begun_before_is_not_held_against_the_budget(host: Any, tmp_path: Path, ledger: OwnLedger) -> None:
    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("runner.hosts.tuning_job.time.sleep", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
        trained(hosted(host, tmp_path))
    before = ledger.book.paid
    student = trained(hosted(host, tmp_path, "budget.tokens=1"))
    assert student.usage[0].trained_tokens > 250
    assert ledger.book.paid.tokens == before.tokens
    assert len(list(host.fine_tuning.jobs.list())) == 1


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["budget.usd=1", "+prices={small: {input: 1, output: 2}}"], "the price of tuning small"),
        (["budget.usd=1"], "the price of small is not known"),
        (["budget.tokens=9", "tuner.epochs=auto"], "tuner.epochs is auto"),
    ],
    ids=["no price for training", "no price", "no number of epochs"],
)
def test_a_budget_that_could_not_be_held_is_refused_before_anything_is_paid_for(
    host: Any, tmp_path: Path, more: list[str], words: str
) -> None:
    with pytest.raises(Fault, match=words):
        check(hosted(host, tmp_path, *more))


def test_a_preview_shows_what_the_jobs_will_cost_and_then_what_they_did(
    host: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    common = [PRICE, "method=human", "size=full", "seeds=2"]
    study = hosted(host, tmp_path, *common)
    rows = [{"question": label.question, "answer": label.answer, "section": "cup.md#Final"} for label in LABELS]
    (tmp_path / "docs" / "labels.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    estimate = show([hosted(host, tmp_path, *common, "preview=true")], {}).estimates["tune", "small"]
    assert (estimate.left.requests, estimate.usd(study.settings.prices)) == (2, (pytest.approx(3e-6 * 406), 0.0))
    assert "cookbook" in (output := capsys.readouterr().out)
    assert "about 406" in output
    assert list(host.files.list()) == []
    tunings: list[Tuning] = [trained(study, study.material.labels, seed).value.tuning for seed in (0, 1)]
    estimate = forecast([hosted(host, tmp_path, *common, "preview=true")]).estimates["tune", "small"]
    assert (estimate.left.requests, estimate.kept.trained) == (0, sum(tuning.tokens for tuning in tunings))


def test_the_answers_of_what_is_tuned_have_their_own_price(host: Any, tmp_path: Path) -> None:
    study = hosted(host, tmp_path, PRICE)
    (answers,) = examined(study).exam.usage["answer"]
    assert answers.model.startswith("ft:small:")
    assert answers.usd(study.settings.prices) == pytest.approx((4 * answers.prompt_tokens + 5 * answers.reply_tokens) / 1e6)
    assert math.isnan(answers.usd({}))


@pytest.mark.slow
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
        first = examined(study)
        assert (azure.asked.count("PUT"), azure.states) == (1, {})
        assert azure.bodies[0]["sku"] == {"name": "developertier", "capacity": 50}
        asked = len(azure.asked)
        again = examined(hosted(client, tmp_path, *chosen))
        assert (len(azure.asked), again.exam.answers) == (asked, first.exam.answers)
    (answers,) = first.exam.usage["answer"]
    assert answers.model.startswith("ft:student:runner-")
    assert [answer.text for answer in first.exam.answers] != [""]


def test_texts_without_a_question_are_refused_before_a_host_is_asked(tmp_path: Path, key: None) -> None:
    study = given.study("model=openai", "tuner=hosted", "method=human", f"store={tmp_path}/store")
    with pytest.raises(Fault, match="texts without a question, and a host learns only replies"):
        trained(study, (*LABELS, given.label("", answer="A text.")))


def preferring(host: Any, folder: Path, *more: str) -> Study:
    """A study whose host trains on pairs of people too, and on answers of the tuned model."""
    study = hosted(host, folder, PRICE, "method=human", "refine=dpo", "refine.samples=2", "refine.chosen=label", *more)
    said = (HumanPreference(question=f"What is pin {number}?", chosen=f"{number}!", rejected="?") for number in range(10))
    vars(study)["source"] = replace(study.source, preferences=tuple(said), labels=LABELS)
    return study


def refined_by(study: Study, executor: Executor | None = None) -> Output[Checkpoint]:
    """The checkpoint after both trainings."""
    executor, subset = executor or StoreExecutor(study), Subset(labels=LABELS)
    tuned = train(study, executor, untuned(study), Output(value=subset), 0)
    return refined(study, executor, tuned, Labelling(labels=LABELS), subset, 0)


@pytest.mark.slow
def test_a_host_trains_the_tuned_model_on_preferences_once_whatever_ends_the_run(
    host: Any, tmp_path: Path, ledger: OwnLedger
) -> None:
    counted = Forecast()
    refined_by(preferring(host, tmp_path), ForecastExecutor(preferring(host, tmp_path), counted, {}))
    assert counted.estimates["answer", "ft:small"].left.requests == 2 * len(LABELS)
    assert counted.estimates["tune", "small"].left.requests == 2
    trained(preferring(host, tmp_path))
    study, spent = preferring(host, tmp_path), ledger.book.paid.tokens
    practice = practice_questions(study, Labelling(labels=LABELS), Subset(labels=LABELS))
    judged_replies(study, StoreExecutor(study), study.refine, trained(study), practice, 0)
    with pytest.raises(Fault, match=r"tuning ft:small:\S+ on \d+ pairs of replies, which takes up to .* might pass it"):
        refined_by(preferring(host, tmp_path, f"budget.tokens={spent + 9}"))
    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("runner.hosts.tuning_job.time.sleep", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
        refined_by(preferring(host, tmp_path))
    output = refined_by(preferring(host, tmp_path))
    second, first = host.fine_tuning.jobs.list()
    assert (second.model, output.value.model.id) == (first.fine_tuned_model, second.fine_tuned_model)
    chosen = {"n_epochs": 1, "batch_size": 8, "learning_rate_multiplier": 1.0, "beta": 0.1}
    assert second.method.to_dict() == {"type": "dpo", "dpo": {"hyperparameters": chosen}}
    pairs = preferences(host.files.content(second.training_file).content)
    assert [(pair.chosen, pair.rejected) for pair in pairs[:10]] == [(f"{number}!", "?") for number in range(10)]
    assert output.value.refining.lessons == 2 * len(pairs)
    assert [usage.model.split(":")[0] for usage in output.usage] == ["small", "ft", "small"]
    assert output.usage[-1].trained_tokens == second.trained_tokens > 0
    assert output.usage[1].requests == 2 * len(LABELS)


def test_a_host_that_does_not_offer_the_training_says_so_before_anything_is_paid_for(host: Any, tmp_path: Path) -> None:
    with pytest.raises(Fault, match=r"does not train small on preferences: method\.dpo\.hyperparameters\.beta: .*refine=none"):
        check(preferring(host, tmp_path, "refine.beta=3"))
    with pytest.raises(Fault, match=r"refine\.rate: a host takes no learning rate.*tuner\.rate"):
        check(preferring(host, tmp_path, "refine.rate=1e-4"))
    assert check(preferring(host, tmp_path)) is None
    assert list(host.fine_tuning.jobs.list()) == []
