"""The training process, stopped before its first step."""

from multiprocessing import Pipe
from pathlib import Path

import pytest

from runner.data.records import chat
from runner.errors import Fault
from runner.hosts.chat_lines import lines
from runner.model.huggingface import HuggingFace
from runner.serve.app import shipped
from runner.serve.tuning_methods import TuningTask
from runner.serve.tuning_process import read_examples, work


def task(model: HuggingFace, folder: Path) -> TuningTask:
    (folder / "taught.jsonl").write_bytes(lines([(chat("Who won?", "", 8), "Ada")] * 10))
    return TuningTask(model=model, file=folder / "taught.jsonl", tuner=shipped("lora"), seed=0, folder=folder)


def test_it_ends_quietly_at_the_next_step_when_the_server_is_gone(talker: HuggingFace, tmp_path: Path) -> None:
    ours, theirs = Pipe()
    ours.close()
    assert work(theirs, task(talker, tmp_path)) is None
    assert not list(tmp_path.glob("step-*"))


def test_a_training_file_that_was_deleted_meanwhile_is_told_without_its_path(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="the training file can't be read") as deleted:
        read_examples(tmp_path / "content")
    assert str(tmp_path) not in str(deleted.value)
