"""The command: its help, its refusals before a model is loaded, and its state after a kill."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory

import openai
import pytest
from openai import OpenAI

from runner.data.records import chat
from runner.hosts.chat_lines import lines
from runner.model.huggingface import HuggingFace
from tests.command import start


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "runner.serve.command", *arguments]
    return subprocess.run(line, capture_output=True, text=True, timeout=300, check=False)


@contextmanager
def started(model: HuggingFace, folder: Path, *more: str, key: str = "a-key") -> Iterator[tuple[BaseProcess, OpenAI]]:
    """Start the command at a free port, and yield it with a client; it is stopped at the end."""
    words = [f"small={model.id}", "--port", "0", "--folder", str(folder), *more]
    with TemporaryDirectory() as scratch:
        printed = [Path(scratch) / name for name in ("stdout", "stderr")]
        server = start(words, folder, printed, {**os.environ, "RUNNER_SERVE_KEY": key}, "runner.serve.command")
        try:
            yield server, OpenAI(base_url=_address(server, printed[1]), api_key="a-key", max_retries=0, timeout=300)
        finally:
            server.terminate()
            server.join()


def _address(server: BaseProcess, stderr: Path) -> str:
    """Wait until a server has printed its address, in a whole line."""
    while True:
        ended, text = server.exitcode is not None, stderr.read_text(encoding="utf-8") if stderr.exists() else ""
        for line in text.splitlines(keepends=True):
            if line.endswith("\n") and (address := next((word for word in line.split() if word.startswith("http")), "")):
                return address
        assert not ended, text
        time.sleep(0.05)


def test_the_help_teaches_with_examples() -> None:
    text = command("--help").stdout
    assert "runner-serve smollm2 ours=exported/fact-5x" in text
    assert "fine-tuning jobs" in text


def test_an_address_that_others_reach_is_refused_without_a_key() -> None:
    done = command("--host", "0.0.0.0", "--key", "NO_SUCH_KEY")
    assert done.returncode == 1
    assert "export NO_SUCH_KEY=" in done.stderr


@pytest.mark.skipif(not Path("/proc/net/if_inet6").exists(), reason="this machine has no IPv6")
def test_the_loopback_address_of_ipv6_needs_no_key(talker: HuggingFace, tmp_path: Path) -> None:
    with started(talker, tmp_path, "--host", "::1", key="") as (_, client):
        assert str(client.base_url).startswith("http://[::1]:")
        assert "small" in [model.id for model in client.models.list()]
        with pytest.raises(openai.BadRequestError):
            client.with_options(default_headers={"Host": "elsewhere.example"}).models.list()


@pytest.mark.slow
def test_a_job_that_ran_when_the_server_was_killed_is_failed_and_the_files_are_there(talker: HuggingFace, tmp_path: Path) -> None:
    with started(talker, tmp_path) as (server, client):
        second = command(f"small={talker.id}", "--folder", str(tmp_path))
        # 5,000 steps: no machine ends them between the first one and the kill.
        file = client.files.create(file=("taught.jsonl", lines([(chat("Who won?", "", 8), "Ada")] * 100)), purpose="fine-tune")
        method = {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 50, "batch_size": 1}}}
        job = client.fine_tuning.jobs.create(model="small", training_file=file.id, method=method)
        while not any(event.type == "metrics" for event in client.fine_tuning.jobs.list_events(job.id)):
            time.sleep(0.05)
        server.kill()
    assert "another runner-serve keeps its files" in second.stderr
    with started(talker, tmp_path) as (_, client):
        retrieved = client.fine_tuning.jobs.retrieve(job.id)
        assert (retrieved.status, retrieved.error.code) == ("failed", "server_stopped")
        assert client.files.retrieve(file.id).id == file.id
