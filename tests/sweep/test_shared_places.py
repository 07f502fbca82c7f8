"""A job that sees another tracker than its sweep, or lacks a key, says so at once."""

import os
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from runner.errors import Fault
from runner.sweep.grid import built
from runner.sweep.jobs import LabelJob
from runner.sweep.shared_places import SweepRecord, check_shared, recorded
from tests import given
from tests.sweep.given import point, quick
from tests.teacher import corpus as paid_corpus
from tests.teacher import taught_by

HOST = socket.gethostname()


def elsewhere(*overrides: str) -> SweepRecord:
    """The record of a sweep whose command is another process."""
    config = point(*overrides)
    study = built(config, config.hydra)
    with study.tracker.run(study.corpus.name, "sweep", "sweep", {"runner.kind": "sweep"}) as parent:
        return replace(recorded([study], [config], parent.id, "sweep"), process=0)


@pytest.fixture
def hosted(tmp_path: Path, tracking_uri: str, key: None) -> list[str]:
    """A study with a hosted teacher."""
    return [*paid_corpus(tmp_path), *taught_by("http://127.0.0.1:9/v1"), f"tracker.uri={tracking_uri}"]


def test_a_job_that_sees_the_places_of_its_sweep_goes_on(hosted: list[str]) -> None:
    check_shared(given.study(*hosted), elsewhere(*hosted))


def test_a_store_that_can_not_be_written_is_told_with_the_machine(hosted: list[str], tmp_path: Path) -> None:
    record = elsewhere(*hosted)
    (tmp_path / "file").write_text("")
    with pytest.raises(Fault, match=rf"on {HOST}: the store \S+/file/store can't be written"):
        check_shared(given.study(*hosted, f"store={tmp_path}/file/store"), record)


def test_another_tracking_store_is_told(hosted: list[str], tmp_path: Path) -> None:
    record = elsewhere(*hosted)
    with pytest.raises(
        Fault, match=rf"on {HOST}: the tracking store does not hold the run of the sweep.*tracker.uri=http://HOST"
    ):
        check_shared(given.study(*hosted, f"tracker.uri=sqlite:///{tmp_path}/other.db"), record)


def test_a_tracking_server_that_can_not_be_reached_is_told(hosted: list[str]) -> None:
    record = elsewhere(*hosted)
    with pytest.raises(Fault, match=rf"on {HOST}: no MLflow server answers at http://127.0.0.1:9"):
        check_shared(given.study(*hosted, "tracker.uri=http://127.0.0.1:9"), record)


def test_a_key_that_is_missing_there_is_named_but_not_shown(hosted: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    record = elsewhere(*hosted)
    assert record.variables == ("OPENAI_API_KEY",)
    assert given.KEY not in repr(record)
    monkeypatch.delenv("OPENAI_API_KEY")
    with pytest.raises(Fault, match=rf"on {HOST}: model@teacher=\S+ .*OPENAI_API_KEY") as caught:
        check_shared(given.study(*hosted), record)
    assert str(caught.value).endswith("Not in the environment there, but where the command was typed: OPENAI_API_KEY")


def test_in_the_process_of_the_command_nothing_is_checked_again(hosted: list[str], tmp_path: Path) -> None:
    record = replace(elsewhere(*hosted), process=os.getpid())
    check_shared(given.study(*hosted, f"tracker.uri=sqlite:///{tmp_path}/other.db"), record)


def test_a_job_returns_the_reason(tmp_path: Path, tracking_uri: str) -> None:
    from hydra.core.hydra_config import HydraConfig

    overrides = quick(tmp_path, tracking_uri)
    record = elsewhere(*overrides)
    config = point(*overrides, f"tracker.uri=sqlite:///{tmp_path}/other.db")
    HydraConfig.instance().set_config(config)
    assert "the tracking store does not hold the run of the sweep" in LabelJob("parent", record=record)(config)
