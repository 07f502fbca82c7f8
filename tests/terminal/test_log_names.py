"""A log line of an arm begins with its name."""

import logging

import pytest

from runner.terminal.log_names import named

log = logging.getLogger("runner")


def test_a_line_within_the_block_begins_with_the_name_and_one_outside_does_not(caplog: pytest.LogCaptureFixture) -> None:
    with named("fact 5x"):
        log.warning("%d%% of %s", 5, "it")
        with named("base 100%s"):
            log.warning("asked")
    log.warning("done")
    assert [record.getMessage() for record in caplog.records] == ["fact 5x: 5% of it", "base 100%s: asked", "done"]
