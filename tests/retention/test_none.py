"""Without retention there is nothing to ask, to replay or to lose."""

from runner.data.general_set import GeneralSet
from runner.retention.none import Nothing


def test_nothing_is_asked_replayed_or_read():
    assert Nothing().read() == GeneralSet(questions=(), replay=(), page="")


def test_no_run_can_fall_below_its_floor():
    assert Nothing().floor == 0
