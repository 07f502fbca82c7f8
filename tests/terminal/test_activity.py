"""What is done now is noted for a job, and for nobody else."""

from types import SimpleNamespace

import pytest

from runner.terminal import activity
from runner.terminal.activity import current_activity, noted
from runner.terminal.progress import progress


def test_stages_and_steps_are_noted_within_the_block_alone() -> None:
    with noted() as note:
        current_activity().begin("answers")
        with progress("answering", 10, begun=2) as advance:
            advance()
            advance(3, loss=0.5)
    assert (note.stages, note.stage, note.work, note.done, note.total) == (1, "answers", "answering", 6, 10)
    assert current_activity().stages == 0


def test_the_time_left_goes_by_the_steps_of_this_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(activity, "time", SimpleNamespace(monotonic=lambda: now))
    with noted() as note:
        note.follow("tuning", 10, begun=4)
        assert note.left is None
        note.advance(2)
        now = 120.0
        assert note.left == pytest.approx(40)
        note.begin("answers")
        assert note.left is None
