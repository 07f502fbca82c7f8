"""A study for the tests of single stages."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from runner.config.study import Study
from tests import given


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """A study with four pairs to replay, a general question, and a student that is never loaded."""
    general = tmp_path / "general"
    general.mkdir()
    (general / "exam.jsonl").write_text('{"question": "What is ice?", "answer": "water"}\n')
    pairs = [{"question": f"What is {name}?", "answer": f"It is {name}."} for name in ("salt", "sand", "soot", "silk")]
    (general / "replay.jsonl").write_text("".join(json.dumps(pair) + "\n" for pair in pairs))
    student = ["model=huggingface", f"model.id={tmp_path}/student", "instruction=Be brief.", "reply_tokens=8"]
    return given.study(*student, f"store={tmp_path}/store", f"retention.path={general}")


@pytest.fixture(scope="session")
def composed(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """A study that is composed once, without general questions."""
    folder = tmp_path_factory.mktemp("composed")
    return given.study("model=huggingface", f"model.id={folder}/student", "retention=none", f"store={folder}/store")


@pytest.fixture
def pins(composed: Study, tmp_path: Path) -> Study:
    """The composed study with a store of its own, for tests that give it other parts."""
    study = replace(composed, settings=composed.settings.model_copy(update={"store": f"{tmp_path}/store"}))
    vars(study).update(source=composed.source, exam_set=composed.exam_set)
    return study
