"""A sweep's notes: parts that processes write and change in turn, and locks by which they see who is alive."""

import subprocess
import sys
from pathlib import Path

from runner.store.sweep_notes import SweepNotes, all_notes, job_name, new_notes

# A process that adds 1 to a number fifty times.
COUNTS = """
import sys
from pathlib import Path
from runner.store.sweep_notes import SweepNotes
for _ in range(50):
    with SweepNotes(Path(sys.argv[1])).changed("count") as content:
        content["number"] = content.get("number", 0) + 1
"""
# A process that holds a lock until it is killed.
HOLDS = """
import sys, time
from pathlib import Path
from runner.store.sweep_notes import SweepNotes
with SweepNotes(Path(sys.argv[1])).holding("job-0") as holder:
    print(holder, flush=True)
    time.sleep(60)
"""


def test_changes_of_two_processes_are_both_kept(tmp_path: Path) -> None:
    started = [subprocess.Popen([sys.executable, "-c", COUNTS, str(tmp_path)]) for _ in range(2)]
    assert [process.wait(timeout=120) for process in started] == [0, 0]
    assert SweepNotes(tmp_path).read("count") == {"number": 100}


def test_a_lock_is_held_until_its_process_is_killed(tmp_path: Path) -> None:
    notes = SweepNotes(tmp_path)
    with subprocess.Popen([sys.executable, "-c", HOLDS, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        holder = process.stdout.readline().strip()
        assert notes.is_held(holder)
        process.kill()
    assert not notes.is_held(holder)


def test_a_lock_that_was_given_back_leaves_no_file(tmp_path: Path) -> None:
    notes = SweepNotes(tmp_path)
    with notes.holding("sweep") as holder:
        assert notes.is_held(holder)
    assert not notes.is_held(holder)
    assert list(tmp_path.iterdir()) == []


def test_a_part_is_read_as_it_was_written_last_and_jobs_by_number(tmp_path: Path) -> None:
    notes = SweepNotes(tmp_path)
    assert (notes.read("sweep"), notes.jobs()) == ({}, {})
    for number in (10, 9):
        notes.write(job_name(number), {"state": "running"})
    notes.write(job_name(9), {"state": "done"})
    notes.write("sweep", {"state": "running"})
    assert list(notes.jobs().items()) == [(9, {"state": "done"}), (10, {"state": "running"})]


def test_a_mark_asks_the_sweep_to_stop(tmp_path: Path) -> None:
    notes = SweepNotes(tmp_path)
    assert not notes.is_to_stop
    notes.ask_to_stop()
    assert notes.is_to_stop


def test_records_are_listed_newest_first(tmp_path: Path) -> None:
    assert all_notes(tmp_path / "none") == []
    for name in ("20310503-101500-aaaa", "20310502-101500-bbbb"):
        (tmp_path / name).mkdir()
    assert [notes.id for notes in all_notes(tmp_path)] == ["20310503-101500-aaaa", "20310502-101500-bbbb"]
    assert new_notes(tmp_path).id < "9"
