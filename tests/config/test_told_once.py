"""A note is told once in a process."""

import pytest

from runner.config.told_once import warn_once


def test_a_note_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    for note in ("the chip has changed", "another note", "the chip has changed"):
        warn_once(note)
    assert [record.message for record in caplog.records] == ["the chip has changed", "another note"]
