"""What tracked runs refer to is noted in the store, run by run."""

import time
from pathlib import Path

import pytest

from runner.errors import Fault
from runner.store import Use, Uses
from runner.store.uses import KeptUses

FILE = "sqlite:////study/mlflow.db"


def test_a_run_refers_to_all_that_it_noted_also_before_it_was_killed(tmp_path: Path) -> None:
    began = time.time()
    KeptUses(tmp_path).add(Use("arm", FILE, frozenset({"labels/a"})))
    later = KeptUses(tmp_path)
    later.add(Use("arm", FILE, frozenset({"tunings/b"})))
    later.add(Use("arm", "http://server", frozenset({"answers/c"})))
    uses = later.read()
    assert {(use.tracker, use.items) for use in uses.lists} == {
        (FILE, frozenset({"labels/a", "tunings/b"})),
        ("http://server", frozenset({"answers/c"})),
    }
    assert began <= uses.since <= time.time()


def test_a_run_that_is_forgotten_refers_to_nothing_and_the_beginning_of_notes_stays(tmp_path: Path) -> None:
    uses = KeptUses(tmp_path)
    uses.add(Use("arm", FILE, frozenset({"labels/a"})))
    (use,) = uses.read().lists
    since = uses.read().since
    uses.forget(use)
    assert uses.read() == Uses((), since)


def test_a_store_without_notes_has_none(tmp_path: Path) -> None:
    assert KeptUses(tmp_path / "uses").read() == Uses((), float("inf"))


def test_a_damaged_note_is_a_fault_for_a_reader_and_written_anew_by_its_run(tmp_path: Path) -> None:
    KeptUses(tmp_path).add(Use("arm", FILE, frozenset({"labels/a"})))
    (file,) = (path for path in tmp_path.iterdir() if path.name != "since.json")
    file.write_text("{")
    with pytest.raises(Fault, match="can't be read"):
        KeptUses(tmp_path).read()
    KeptUses(tmp_path).add(Use("arm", FILE, frozenset({"labels/b"})))
    assert [use.items for use in KeptUses(tmp_path).read().lists] == [{"labels/b"}]
