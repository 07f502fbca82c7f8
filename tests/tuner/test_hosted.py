"""Tuning at a host, which is runner-serve over loopback: jobs that really tune, and none that is begun twice."""

import json
from pathlib import Path
from typing import Any

import openai
import pytest

from runner.data.records import chat
from runner.errors import Fault
from runner.model.openai import OpenAI
from runner.tuner.hosted import Hosted
from tests.conftest import Serving

TAUGHT = [(chat("Who won the cup?", "", 8), "Bob"), (chat("Who lost the cup?", "", 8), "Ada")] * 5
KEY = "sk-a-secret-that-nobody-may-see"


@pytest.fixture
def host(serving: Serving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A server of one's own, with a key, and a client of it."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with serving(tmp_path / "served", key=KEY) as client:
        yield client


def tuner(folder: Path, **settings: Any) -> Hosted:
    usual = {"epochs": 2, "batch": 10, "rate": 5, "poll": 0.05, "cancel": False, "example_tokens": 1000, "file_bytes": 10**6}
    return Hosted(folder=str(folder / "hosted"), **{**usual, **settings})


def student(client: Any) -> OpenAI:
    return OpenAI(id="small", base_url=str(client.base_url), temperature=0)


def made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def interrupt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C as soon as the tuner waits."""

    def stopped(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("runner.hosts.tuning_job.time.sleep", stopped)


def test_the_tuned_model_answers_what_it_was_taught_and_each_step_has_its_loss(host: Any, tmp_path: Path) -> None:
    tuning = tuner(tmp_path, epochs=20).tune(student(host), TAUGHT, 0, made(tmp_path / "kept"))
    tuned = student(host).tuned_in(tmp_path / "kept")
    replies = dict(tuned.ask([prompt for prompt, _ in TAUGHT]))
    assert [replies[at].text for at in range(len(TAUGHT))] == [reply for _, reply in TAUGHT]
    assert tuned.name.startswith("ft:small:")
    assert len(tuning.losses) == 20
    assert tuning.losses[-1] < tuning.losses[0] / 2
    assert tuning.tokens > 20 * 10 * 35


def test_a_run_that_was_stopped_takes_its_job_up_again(host: Any, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        interrupt(patch)
        tuner(tmp_path).tune(student(host), TAUGHT, 0, made(tmp_path / "first"))
    tuner(tmp_path).tune(student(host), TAUGHT, 0, made(tmp_path / "second"))
    (job,) = host.fine_tuning.jobs.list()
    assert json.loads((tmp_path / "second" / "model.json").read_text())["job"] == job.id


def test_a_job_that_was_created_and_not_yet_noted_is_found_by_its_file(host: Any, tmp_path: Path) -> None:
    tuner(tmp_path).tune(student(host), TAUGHT, 0, made(tmp_path / "first"))
    (note,) = (tmp_path / "hosted").glob("*.json")
    known = json.loads(note.read_text())
    note.write_text(json.dumps({"file": known["file"]}))
    tuner(tmp_path).tune(student(host), TAUGHT, 0, made(tmp_path / "second"))
    assert [job.id for job in host.fine_tuning.jobs.list()] == [known["job"]]


def test_another_seed_is_another_job(host: Any, tmp_path: Path) -> None:
    for seed in (0, 1):
        tuner(tmp_path).tune(student(host), TAUGHT, seed, made(tmp_path / f"{seed}"))
    assert sorted(job.seed for job in host.fine_tuning.jobs.list()) == [0, 1]


@pytest.mark.parametrize("cancel", [True, False])
def test_ctrl_c_cancels_the_job_only_where_that_is_wanted(host: Any, tmp_path: Path, cancel: bool) -> None:
    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        interrupt(patch)
        tuner(tmp_path, cancel=cancel).tune(student(host), TAUGHT, 0, made(tmp_path / "kept"))
    (job,) = host.fine_tuning.jobs.list()
    assert (job.status == "cancelled") is cancel


def test_a_job_that_failed_is_told_with_its_reason_and_begun_anew_by_the_next_run(host: Any, tmp_path: Path) -> None:
    long = [*TAUGHT, (chat("long " * 9000, "", 8), "yes")]
    for attempt in range(2):
        with pytest.raises(Fault, match="ended as failed: example 11 holds"):
            tuner(tmp_path, example_tokens=10**5).tune(student(host), long, 0, made(tmp_path / f"{attempt}"))
    assert len(list(host.fine_tuning.jobs.list())) == 2


def test_a_host_that_is_away_for_a_while_is_asked_again(host: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client, away = student(host).client(), iter([True, True])
    there = client.fine_tuning.jobs.retrieve

    def retrieve(name: str) -> Any:
        if next(away, False):
            raise openai.APIConnectionError(request=None)
        return there(name)

    monkeypatch.setattr(client.fine_tuning.jobs, "retrieve", retrieve)
    monkeypatch.setattr(OpenAI, "client", lambda _: client)
    assert len(tuner(tmp_path).tune(student(host), TAUGHT, 0, made(tmp_path / "kept")).losses) == 2
    assert next(away, None) is None


def test_too_few_examples_are_refused_before_anything_is_sent(host: Any, tmp_path: Path) -> None:
    with pytest.raises(Fault, match="has 9 examples, expected at least 10"):
        tuner(tmp_path).tune(student(host), TAUGHT[:9], 0, tmp_path)
    assert list(host.files.list()) == []


def test_a_key_that_may_not_tune_is_told_by_the_check_and_not_shown(
    host: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tuner(tmp_path).check(student(host)) is None
    monkeypatch.setenv("OPENAI_API_KEY", "sk-another-secret")
    with pytest.raises(Fault, match="tuning is not offered to this key") as caught:
        tuner(tmp_path).check(student(host))
    assert "sk-another-secret" not in str(caught.value)
