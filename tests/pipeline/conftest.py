"""A study for the tests of single stages."""

import json
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
