"""A stage is made once, by one of all who want it, or not at all."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from runner.data.records import chat
from runner.errors import Fault
from runner.store.local import LocalStore

MAKER = """
import sys, time
from pathlib import Path
from runner.store.local import LocalStore

def make(folder):
    with Path(sys.argv[2]).open("a") as log:
        log.write("made\\n")
    time.sleep(float(sys.argv[3]))
    (folder / "out.txt").write_text("done")

print((LocalStore(Path(sys.argv[1])).keep("stage", {"a": 1}, make).folder / "out.txt").read_text())
"""

SMALL_DISK = """
import resource, sys
from pathlib import Path
from runner.errors import Fault
from runner.store.local import LocalStore

limit = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    LocalStore(Path(sys.argv[1])).keep("stage", {"a": 1}, lambda folder: (folder / "out.txt").write_text("x" * 100_000) and None)
except Fault as fault:
    print(fault)
"""


def maker(*arguments: object) -> "subprocess.Popen[str]":
    """A process that keeps the one stage."""
    command = [sys.executable, "-c", MAKER, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def everything(folder: Path) -> list[Path]:
    """All files in a folder, hidden ones too."""
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_stage_is_made_once(tmp_path):
    made = []

    def make(folder: Path) -> None:
        made.append(folder)
        (folder / "out.txt").write_text("done")

    first = LocalStore(tmp_path).keep("stage", {"a": 1, "b": 2}, make)
    second = LocalStore(tmp_path).keep("stage", {"b": 2, "a": 1}, make)
    assert len(made) == 1
    assert second == first
    assert (second.folder / "out.txt").read_text() == "done"


@pytest.mark.parametrize(("stage", "inputs"), [("stage", {"a": 2}), ("other", {"a": 1})])
def test_another_input_or_another_stage_is_made_anew(tmp_path, stage, inputs):
    store, made = LocalStore(tmp_path), []
    store.keep("stage", {"a": 1}, lambda folder: made.append(1))
    store.keep(stage, inputs, lambda folder: made.append(2))
    assert made == [1, 2]


def test_the_seconds_are_those_of_the_making(tmp_path):
    store = LocalStore(tmp_path)
    made = store.keep("stage", 1, lambda folder: time.sleep(0.05))
    assert made.seconds >= 0.05
    assert store.keep("stage", 1, lambda folder: None).seconds == made.seconds


def test_the_manifest_says_what_the_stage_was_made_of(tmp_path):
    kept = LocalStore(tmp_path).keep("stage", [chat("Who?", "", 5)], lambda folder: None)
    assert '"content": "Who?"' in (kept.folder / "manifest.json").read_text()


def test_a_crash_in_the_making_leaves_nothing(tmp_path):
    def make(folder: Path) -> None:
        (folder / "half.txt").write_text("half")
        raise RuntimeError("crash")

    with pytest.raises(RuntimeError, match="crash"):
        LocalStore(tmp_path).keep("stage", 1, make)
    assert list((tmp_path / "stage").iterdir()) == []


def test_a_stage_that_crashed_is_made_again(tmp_path):
    def crash(folder: Path) -> None:
        raise RuntimeError("crash")

    store = LocalStore(tmp_path)
    with pytest.raises(RuntimeError):
        store.keep("stage", 1, crash)
    kept = store.keep("stage", 1, lambda folder: (folder / "out.txt").write_text("done") and None)
    assert (kept.folder / "out.txt").read_text() == "done"


def test_a_folder_without_a_manifest_is_made_again(tmp_path):
    store = LocalStore(tmp_path)
    kept = store.keep("stage", 1, lambda folder: None)
    (kept.folder / "manifest.json").unlink()
    (kept.folder / "half.txt").write_text("half")
    again = store.keep("stage", 1, lambda folder: (folder / "out.txt").write_text("done") and None)
    assert sorted(file.name for file in again.folder.iterdir()) == ["manifest.json", "out.txt"]


def test_threads_that_want_the_same_stage_make_it_once(tmp_path):
    made, kept = [], []

    def make(folder: Path) -> None:
        made.append(folder)
        time.sleep(0.1)

    threads = [threading.Thread(target=lambda: kept.append(LocalStore(tmp_path).keep("stage", 1, make))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert len(kept) == 4


def test_processes_that_want_the_same_stage_make_it_once(tmp_path):
    log = tmp_path / "log.txt"
    processes = [maker(tmp_path / "store", log, 0.5) for _ in range(2)]
    assert [process.communicate(timeout=60)[0] for process in processes] == ["done\n", "done\n"]
    assert log.read_text() == "made\n"


def test_a_killed_process_does_not_keep_others_waiting(tmp_path):
    log = tmp_path / "log.txt"
    killed = maker(tmp_path / "store", log, 600)
    until = time.monotonic() + 60
    while not log.exists() and time.monotonic() < until:
        time.sleep(0.05)
    killed.kill()
    killed.communicate()
    assert maker(tmp_path / "store", log, 0).communicate(timeout=60)[0] == "done\n"
    assert log.read_text() == "made\nmade\n"
    assert len(list((tmp_path / "store" / "stage").iterdir())) == 1


@pytest.mark.parametrize("place", ["file", "file/store"])
def test_a_file_where_the_store_should_be_is_a_fault_that_names_the_way_out(tmp_path, place):
    (tmp_path / "file").write_text("")
    with pytest.raises(Fault, match=r"file.* can't be written: .*store=PATH"):
        LocalStore(tmp_path / place).check()


@pytest.mark.parametrize("limit", [1000, 20_000], ids=["at once", "in the making"])
def test_a_full_disk_is_a_fault_and_leaves_nothing(tmp_path, limit):
    done = subprocess.run([sys.executable, "-c", SMALL_DISK, tmp_path / "store", str(limit)], capture_output=True, text=True)
    assert "can't be written" in done.stdout, done.stderr
    assert [file for file in everything(tmp_path / "store") if file.suffix == ".txt"] == []


def test_a_fault_of_the_making_itself_is_not_blamed_on_the_store(tmp_path):
    def make(folder: Path) -> None:
        raise ConnectionError("the teacher hung up")

    with pytest.raises(ConnectionError, match="the teacher hung up"):
        LocalStore(tmp_path).keep("stage", 1, make)


def test_a_file_that_the_making_misses_is_not_blamed_on_the_store(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        LocalStore(tmp_path).keep("stage", 1, lambda folder: Path("/nowhere").read_text() and None)


def test_what_a_killed_process_left_of_another_stage_stays(tmp_path):
    store = LocalStore(tmp_path)
    kept = store.keep("stage", 1, lambda folder: None)
    other = kept.folder.with_name(".other-draft")
    other.mkdir()
    store.keep("stage", 2, lambda folder: None)
    assert other.exists()
