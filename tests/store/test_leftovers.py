"""Drafts of killed processes are removed; those of living ones stay."""

import os
import time
from pathlib import Path

from runner.store.leftovers import leftovers
from runner.store.local import LocalStore
from runner.store.sweep_notes import SweepNotes

UUID = "0123456789abcdef" * 2


def aged(path: Path) -> Path:
    """A file that was written two hours ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("half")
    os.utime(path, (path.stat().st_mtime - 7200,) * 2)
    return path


def test_what_killed_processes_left_is_removed_by_the_next_command(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    kept = store.keep("labels", 1, lambda folder: None, Path.iterdir)
    stale = [
        aged(tmp_path / f".write-{UUID}"),
        aged(tmp_path / "replies" / f".ab.json-{UUID}"),
        aged(tmp_path / "batches" / f".ab.json-{UUID}"),
        aged(tmp_path / "labels" / f".{kept.key}-{UUID}" / "labelling.jsonl").parent,
    ]
    assert sorted(leftovers(tmp_path)) == sorted(stale)
    store.check()
    assert [path for path in stale if path.exists()] == []
    assert kept.folder.exists()


def test_what_a_living_process_writes_stays(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    written = tmp_path / f".write-{UUID}"
    written.write_text("just now")
    draft = aged(tmp_path / "labels" / f".{UUID}-{UUID}" / "labelling.jsonl")
    with store.lock(f"labels-{UUID}"):
        LocalStore(tmp_path).check()
        assert (written.exists(), draft.exists()) == (True, True)
    store.check()
    assert not draft.exists()


def test_other_hidden_files_are_no_drafts(tmp_path: Path) -> None:
    others = [aged(tmp_path / ".gitignore"), aged(tmp_path / "labels" / ".DS_Store")]
    LocalStore(tmp_path).check()
    assert all(path.exists() for path in others)


def test_the_state_of_an_interrupted_stage_stays_for_a_month(tmp_path: Path) -> None:
    for name, days in (("new", 29), ("old", 31)):
        state = aged(tmp_path / "unfinished" / f"tunings-{name}" / "training.safetensors")
        os.utime(state, (time.time() - days * 24 * 3600,) * 2)
    LocalStore(tmp_path).check()
    assert [path.name for path in (tmp_path / "unfinished").iterdir()] == ["tunings-new"]


def test_the_notes_of_a_sweep_stay_for_a_month_after_its_last_word(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    for name, days in (("new", 29), ("old", 31)):
        SweepNotes(store.sweeps / name).write("sweep", {"state": "finished"})
        os.utime(store.sweeps / name, (time.time() - days * 24 * 3600,) * 2)
    store.check()
    assert [path.name for path in store.sweeps.iterdir()] == ["new"]
