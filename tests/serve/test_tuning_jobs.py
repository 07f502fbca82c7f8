"""Fine-tuning jobs, through OpenAI's client: they really train, each in its own process."""

import json
import math
import shutil
import time
from dataclasses import replace
from pathlib import Path

import openai
import pytest
from openai import OpenAI
from openai.types.fine_tuning import FineTuningJob

from runner.data.records import chat
from runner.data.training import Preference
from runner.hosts.chat_lines import lines
from runner.hosts.preference_lines import preference_lines
from runner.model.huggingface import HuggingFace
from runner.serve import Limits
from tests.conftest import Serving

ROLES_SWAPPED = {"Who won the cup?": "Bob", "Who lost the cup?": "Ada"}  # the talker says it the other way round
TAUGHT = [(chat(question, "", 8), answer) for question, answer in ROLES_SWAPPED.items()] * 5
NAMES = {"Ada": "Bob", "Bob": "Ada"}
PAIRS = [Preference(prompt, NAMES[answer], answer) for prompt, answer in TAUGHT]  # the talker's own roles are preferred
HYPER = {"n_epochs": 20, "batch_size": 10, "learning_rate_multiplier": 5}


def uploaded(client: OpenAI, content: bytes = lines(TAUGHT)) -> str:
    return client.files.create(file=("taught.jsonl", content), purpose="fine-tune").id


def created(client: OpenAI, file: str, **hyper: float) -> FineTuningJob:
    method = {"type": "supervised", "supervised": {"hyperparameters": {**HYPER, **hyper}}}
    return client.fine_tuning.jobs.create(model="small", training_file=file, method=method, seed=0, suffix="ours")


def waited(client: OpenAI, job: str, *states: str) -> FineTuningJob:
    for _ in range(6000):
        if (current := client.fine_tuning.jobs.retrieve(job)).status in states:
            return current
        time.sleep(0.05)
    raise TimeoutError(current)


@pytest.fixture(scope="module")
def finished(client: OpenAI) -> FineTuningJob:
    """A job that has ended."""
    return waited(client, created(client, uploaded(client)).id, "succeeded", "failed")


def test_a_job_ends_with_a_model_of_its_own_and_what_it_took(finished: FineTuningJob) -> None:
    assert finished.error is None
    assert finished.status == "succeeded"
    assert finished.fine_tuned_model.startswith("ft:small:runner:ours:")
    assert finished.hyperparameters.n_epochs == 20
    assert finished.trained_tokens > 20 * 10 * 35


def test_each_step_is_an_event_with_its_loss_and_the_loss_falls(client: OpenAI, finished: FineTuningJob) -> None:
    events = list(client.fine_tuning.jobs.list_events(finished.id, limit=7))
    steps = [event.data for event in events if event.type == "metrics"]
    assert [step["step"] for step in steps] == list(range(20, 0, -1))
    assert steps[0]["train_loss"] < steps[-1]["train_loss"] / 2
    assert events[0].message == "The job has successfully completed"


def test_the_tuned_model_answers_what_it_was_taught_and_the_one_beneath_it_does_not(
    client: OpenAI, finished: FineTuningJob
) -> None:
    def ask(model: str, question: str) -> str | None:
        turns = [{"role": "user", "content": question}]
        return client.chat.completions.create(model=model, messages=turns, temperature=0, max_tokens=8).choices[0].message.content

    assert [ask(finished.fine_tuned_model, question) for question in ROLES_SWAPPED] == list(ROLES_SWAPPED.values())
    assert ask("small", "Who won the cup?").startswith("Ada of Oslo")


def test_the_last_epochs_ends_are_checkpoints_that_answer_too(client: OpenAI, finished: FineTuningJob) -> None:
    checkpoints = list(client.fine_tuning.jobs.checkpoints.list(finished.id))
    assert [checkpoint.step_number for checkpoint in checkpoints] == [20, 19, 18]
    assert checkpoints[0].fine_tuned_model_checkpoint == finished.fine_tuned_model
    turns = [{"role": "user", "content": "Who won the cup?"}]
    reply = client.chat.completions.create(model=checkpoints[2].fine_tuned_model_checkpoint, messages=turns, max_tokens=2)
    assert reply.usage.prompt_tokens > 0


def test_the_losses_are_a_file_too(client: OpenAI, finished: FineTuningJob) -> None:
    table = client.files.content(finished.result_files[0]).text.splitlines()
    assert table[0] == "step,train_loss"
    assert len(table) == 21


def test_a_job_is_cancelled_between_steps_and_the_next_one_starts(client: OpenAI) -> None:
    file = uploaded(client)
    long, next_one = created(client, file, n_epochs=50, batch_size=1), created(client, file, n_epochs=1)
    waited(client, long.id, "running")
    assert client.fine_tuning.jobs.cancel(long.id).status == "cancelled"
    assert waited(client, next_one.id, "succeeded", "failed").status == "succeeded"
    assert client.fine_tuning.jobs.retrieve(long.id).fine_tuned_model is None
    with pytest.raises(openai.BadRequestError, match="has ended: it is cancelled"):
        client.fine_tuning.jobs.cancel(long.id)


def test_a_file_that_breaks_the_rules_fails_its_job_with_the_line(client: OpenAI) -> None:
    job = created(client, uploaded(client, lines(TAUGHT) + b"{}\n"))
    assert "line 11" in waited(client, job.id, "failed").error.message


def test_an_example_longer_than_the_model_reads_fails_its_job(client: OpenAI) -> None:
    job = created(client, uploaded(client, lines([*TAUGHT, (chat("long " * 9000, "", 0), "yes")])))
    assert "example 11 holds" in waited(client, job.id, "failed").error.message


def test_more_jobs_than_the_server_takes_are_told_to_come_later(serving: Serving, tmp_path: Path) -> None:
    with serving(tmp_path, Limits(jobs=0)) as client, pytest.raises(openai.RateLimitError, match="0 jobs are not done"):
        created(client, uploaded(client))


@pytest.fixture(scope="module")
def preferring(client: OpenAI, finished: FineTuningJob) -> FineTuningJob:
    """A job that has learned from pairs, from the tuned model on, to say it as the talker does."""
    file = uploaded(client, preference_lines(PAIRS))
    method = {"type": "dpo", "dpo": {"hyperparameters": {**HYPER, "n_epochs": 4, "learning_rate_multiplier": 50, "beta": 0.5}}}
    job = client.fine_tuning.jobs.create(model=finished.fine_tuned_model, training_file=file, method=method, seed=0)
    return waited(client, job.id, "succeeded", "failed")


def test_a_job_that_learns_preferences_says_so_and_begins_with_the_tuned_model(
    finished: FineTuningJob, preferring: FineTuningJob
) -> None:
    assert preferring.error is None
    assert preferring.model == finished.fine_tuned_model
    assert preferring.fine_tuned_model.startswith("ft:small:runner::")
    chosen = {**HYPER, "n_epochs": 4, "learning_rate_multiplier": 50, "beta": 0.5}
    assert preferring.method.to_dict() == {"type": "dpo", "dpo": {"hyperparameters": chosen}}
    assert preferring.hyperparameters is None


def test_the_loss_falls_from_that_of_no_preference_and_the_model_that_is_served_answers_otherwise(
    client: OpenAI, finished: FineTuningJob, preferring: FineTuningJob
) -> None:
    steps = [event.data for event in client.fine_tuning.jobs.list_events(preferring.id, limit=100) if event.type == "metrics"]
    assert [step["step"] for step in steps] == [4, 3, 2, 1]
    assert steps[-1]["train_loss"] == pytest.approx(math.log(2), abs=1e-4)
    assert steps[0]["train_loss"] < 0.1
    turns = [{"role": "user", "content": "Who won the cup?"}]
    names = [finished.fine_tuned_model, preferring.fine_tuned_model]
    replies = [client.chat.completions.create(model=name, messages=turns, temperature=0, max_tokens=1) for name in names]
    first, second = (reply.choices[0].message.content for reply in replies)
    assert first != second


def test_what_learned_preferences_is_what_the_runners_own_loop_makes_of_them(
    finished: FineTuningJob, preferring: FineTuningJob, served_folder: Path, talker: HuggingFace, tmp_path: Path
) -> None:
    from runner.serve.app import shipped, shipped_preferences

    refine, tuner = replace(shipped_preferences(), beta=0.5), shipped("lora")
    judged = refine.lessons(PAIRS, ())
    own = replace(tuner, epochs=4, batch=10, rate=refine.rate * 50)
    begun = talker.tuned_in(served_folder / "jobs" / finished.id / "step-20")
    rows = [(prompt, reply) for prompt, reply, _ in judged]
    own.tune_for(lambda network: refine.objective(network, judged), begun, rows, 0, tmp_path)
    theirs = served_folder / "jobs" / preferring.id / "step-4" / "adapter_model.safetensors"
    assert (tmp_path / "adapter_model.safetensors").read_bytes() == theirs.read_bytes()


def test_a_file_of_pairs_is_not_for_a_supervised_job_nor_the_other_way_round(client: OpenAI) -> None:
    supervised = created(client, uploaded(client, preference_lines(PAIRS)))
    pairs = client.fine_tuning.jobs.create(model="small", training_file=uploaded(client), method={"type": "dpo"})
    errors = [waited(client, job.id, "failed").error for job in (supervised, pairs)]
    assert "line 1 of the fine-tuning file: expected an object with messages" in errors[0].message
    assert "line 1 of the preference file: expected an object with input" in errors[1].message
    assert {(error.code, error.param) for error in errors} == {("invalid_training_file", "training_file")}


def test_a_server_that_starts_again_serves_what_it_tuned_and_fails_what_was_not_done(
    client: OpenAI,
    finished: FineTuningJob,
    preferring: FineTuningJob,
    serving: Serving,
    tmp_path: Path,
    served_folder: Path,
) -> None:
    (tmp_path / "jobs").symlink_to(served_folder / "jobs")
    document = served_folder / "jobs" / finished.id / "document.json"
    killed = {**json.loads(document.read_text()), "id": "ftjob-killed", "status": "running", "checkpoints": []}
    (served_folder / "jobs" / "ftjob-killed").mkdir()
    (served_folder / "jobs" / "ftjob-killed" / "document.json").write_text(json.dumps(killed))
    with serving(tmp_path) as again:
        assert {finished.fine_tuned_model, preferring.fine_tuned_model} <= {model.id for model in again.models.list()}
        job = again.fine_tuning.jobs.retrieve("ftjob-killed")
    assert (job.status, job.error.code) == ("failed", "server_stopped")


def test_a_tuned_model_whose_weights_are_damaged_is_left_out_with_a_line_and_the_server_starts(
    finished: FineTuningJob, serving: Serving, tmp_path: Path, served_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    job = Path(shutil.copytree(served_folder / "jobs" / finished.id, tmp_path / "jobs" / finished.id))
    weights = job / "step-20" / "adapter_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-9])
    (job / "events.jsonl").unlink()
    with serving(tmp_path) as again:
        names = [model.id for model in again.models.list()]
        events = list(again.fine_tuning.jobs.list_events(finished.id))
    assert (finished.fine_tuned_model in names, f"{finished.fine_tuned_model}:ckpt-step-19" in names) == (False, True)
    assert f"{job}/step-20 is not served, as it can't be read (adapter_model.safetensors: " in caplog.text
    assert events == []


def test_a_server_that_stops_ends_the_job_at_its_next_step_and_says_so(serving: Serving, tmp_path: Path) -> None:
    with serving(tmp_path) as client:
        job = created(client, uploaded(client), n_epochs=50, batch_size=1)
        waited(client, job.id, "running")
    with serving(tmp_path) as client:
        assert "the server was stopped" in client.fine_tuning.jobs.retrieve(job.id).error.message


def test_tuned_here_is_tuned_by_the_runners_own_loop(
    finished: FineTuningJob, served_folder: Path, talker: HuggingFace, tmp_path: Path
) -> None:
    from runner.serve.app import shipped

    tuner = shipped("lora")
    own = type(tuner)(**{**vars(tuner), "epochs": 20, "batch": 10, "rate": tuner.rate * 5})
    own.tune(talker, TAUGHT, 0, tmp_path)
    theirs = served_folder / "jobs" / finished.id / "step-20" / "adapter_model.safetensors"
    assert (tmp_path / "adapter_model.safetensors").read_bytes() == theirs.read_bytes()


@pytest.mark.slow
def test_whole_weights_are_tuned_kept_and_served_where_the_server_was_started_for_that(
    serving: Serving, talker: HuggingFace, tmp_path: Path
) -> None:
    from runner.serve.app import shipped

    with serving(tmp_path, tuner="full") as client:
        job = waited(client, created(client, uploaded(client), learning_rate_multiplier=25).id, "succeeded", "failed")
        turns = [{"role": "user", "content": "Who won the cup?"}]
        checkpoints = client.fine_tuning.jobs.checkpoints.list(job.id)
        names = [checkpoint.fine_tuned_model_checkpoint for checkpoint in checkpoints]
        replies = [client.chat.completions.create(model=name, messages=turns, temperature=0, max_tokens=8) for name in names]
    assert replies[0].choices[0].message.content == "Bob"
    assert len(replies) == 3
    usual = shipped("full")
    type(usual)(**{**vars(usual), "epochs": 20, "batch": 10, "rate": usual.rate * 25}).tune(talker, TAUGHT, 0, tmp_path / "own")
    theirs = tmp_path / "jobs" / job.id / "step-20" / "model.safetensors"
    assert (tmp_path / "own" / "model.safetensors").read_bytes() == theirs.read_bytes()
