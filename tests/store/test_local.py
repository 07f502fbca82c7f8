"""A stage is made once, by one of all who want it, or not at all."""

import json
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy
import pytest
from safetensors.numpy import save_file

from runner.data.records import chat
from runner.data.unfinished import unfinished
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

print((LocalStore(Path(sys.argv[1])).keep("stage", {"a": 1}, make, Path.iterdir).folder / "out.txt").read_text())
"""

SMALL_DISK = """
import resource, sys
from pathlib import Path
from runner.errors import Fault
from runner.store.local import LocalStore

limit = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    make = lambda folder: (folder / "out.txt").write_text("x" * 100_000) and None
    LocalStore(Path(sys.argv[1])).keep("stage", {"a": 1}, make, Path.iterdir)
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

    first = LocalStore(tmp_path).keep("stage", {"a": 1, "b": 2}, make, Path.iterdir)
    second = LocalStore(tmp_path).keep("stage", {"b": 2, "a": 1}, make, Path.iterdir)
    assert len(made) == 1
    assert second == first
    assert (second.folder / "out.txt").read_text() == "done"


@pytest.mark.parametrize(("stage", "inputs"), [("stage", {"a": 2}), ("other", {"a": 1})])
def test_another_input_or_another_stage_is_made_anew(tmp_path, stage, inputs):
    store, made = LocalStore(tmp_path), []
    store.keep("stage", {"a": 1}, lambda folder: made.append(1), Path.iterdir)
    store.keep(stage, inputs, lambda folder: made.append(2), Path.iterdir)
    assert made == [1, 2]


def test_the_seconds_are_those_of_the_making(tmp_path):
    store = LocalStore(tmp_path)
    made = store.keep("stage", 1, lambda folder: time.sleep(0.05), Path.iterdir)
    assert made.seconds >= 0.05
    assert store.keep("stage", 1, lambda folder: None, Path.iterdir).seconds == made.seconds


def test_the_manifest_says_what_the_stage_was_made_of(tmp_path):
    kept = LocalStore(tmp_path).keep("stage", [chat("Who?", "", 5)], lambda folder: None, Path.iterdir)
    assert '"content": "Who?"' in (kept.folder / "manifest.json").read_text()


def test_a_crash_in_the_making_leaves_nothing(tmp_path):
    def make(folder: Path) -> None:
        (folder / "half.txt").write_text("half")
        raise RuntimeError("crash")

    with pytest.raises(RuntimeError, match="crash"):
        LocalStore(tmp_path).keep("stage", 1, make, Path.iterdir)
    assert list((tmp_path / "stage").iterdir()) == []


def test_a_stage_that_crashed_is_made_again(tmp_path):
    def crash(folder: Path) -> None:
        raise RuntimeError("crash")

    store = LocalStore(tmp_path)
    with pytest.raises(RuntimeError):
        store.keep("stage", 1, crash, Path.iterdir)
    kept = store.keep("stage", 1, lambda folder: (folder / "out.txt").write_text("done") and None, Path.iterdir)
    assert (kept.folder / "out.txt").read_text() == "done"


def test_a_folder_without_a_manifest_is_made_again(tmp_path):
    store = LocalStore(tmp_path)
    kept = store.keep("stage", 1, lambda folder: None, Path.iterdir)
    (kept.folder / "manifest.json").unlink()
    (kept.folder / "half.txt").write_text("half")
    again = store.keep("stage", 1, lambda folder: (folder / "out.txt").write_text("done") and None, Path.iterdir)
    assert sorted(file.name for file in again.folder.iterdir()) == ["manifest.json", "out.txt"]


def test_threads_that_want_the_same_stage_make_it_once(tmp_path):
    made, kept = [], []

    def make(folder: Path) -> None:
        made.append(folder)
        time.sleep(0.1)

    threads = [
        threading.Thread(target=lambda: kept.append(LocalStore(tmp_path).keep("stage", 1, make, Path.iterdir))) for _ in range(4)
    ]
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
        LocalStore(tmp_path).keep("stage", 1, make, Path.iterdir)


def test_a_file_that_the_making_misses_is_not_blamed_on_the_store(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        LocalStore(tmp_path).keep("stage", 1, lambda folder: Path("/nowhere").read_text() and None, Path.iterdir)


def test_what_a_killed_process_left_of_another_stage_stays(tmp_path):
    store = LocalStore(tmp_path)
    kept = store.keep("stage", 1, lambda folder: None, Path.iterdir)
    other = kept.folder.with_name(".other-draft")
    other.mkdir()
    store.keep("stage", 2, lambda folder: None, Path.iterdir)
    assert other.exists()


def grade(folder: Path) -> None:
    """Write an output of two files."""
    (folder / "grades.jsonl").write_text('{"passed": false}\n')
    (folder / "usage.jsonl").write_text("")


def verdict(folder: Path) -> bool:
    """Read that output."""
    return bool(json.loads((folder / "grades.jsonl").read_text())["passed"])


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("grades.jsonl", '{"passed": true }\n', "grades.jsonl was changed"),
        ("grades.jsonl", "", "grades.jsonl has 0 bytes, expected 18"),
        ("grades.jsonl", None, "grades.jsonl is missing"),
        ("usage.jsonl", None, "usage.jsonl is missing"),
        ("manifest.json", "{", "manifest.json can't be read"),
        ("manifest.json", None, "manifest.json is missing"),
    ],
)
def test_a_damaged_stage_is_made_again_and_a_line_says_why(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str, content: str | None, reason: str
) -> None:
    store = LocalStore(tmp_path)
    folder = store.keep("grades", 1, grade, verdict).folder
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_text(content)
    assert store.find("grades", 1, verdict) is None
    assert store.finished("grades", verdict) == []
    assert verdict(store.keep("grades", 1, grade, verdict).folder) is False
    assert all(f"{folder} is damaged ({reason}" in message for message in caplog.messages)
    # Who only looks for it promises nothing, and says so once.
    assert [message.rsplit(") ")[1] for message in caplog.messages] == ["and is not used", "and is made again"]
    assert store.find("grades", 1, verdict) == store.keep("grades", 1, grade, verdict)


def test_a_stage_without_checksums_is_used_gets_them_and_is_made_again_where_it_can_not_be_read(tmp_path: Path) -> None:
    store, made = LocalStore(tmp_path), []

    def make(folder: Path) -> None:
        made.append(folder)
        grade(folder)

    folder = store.keep("grades", 1, make, verdict).folder
    (folder / "manifest.json").write_text(json.dumps({"seconds": 7.0, "made_of": 1}))
    assert store.keep("grades", 1, make, verdict).seconds == 7.0
    assert len(made) == 1
    (folder / "grades.jsonl").write_text('{"passed": true }\n')
    assert store.find("grades", 1, verdict) is None
    (folder / "manifest.json").write_text(json.dumps({"seconds": 7.0, "made_of": 1}))
    (folder / "grades.jsonl").write_text('{"pass')
    store.keep("grades", 1, make, verdict)
    assert len(made) == 2


def test_cut_weights_without_checksums_are_made_again(tmp_path: Path) -> None:
    store, made = LocalStore(tmp_path), []

    def make(folder: Path) -> None:
        made.append(folder)
        save_file({"a": numpy.ones(10, "float32")}, folder / "adapter_model.safetensors")

    folder = store.keep("tunings", 1, make, Path.iterdir).folder
    (folder / "manifest.json").write_text(json.dumps({"seconds": 7.0, "made_of": 1}))
    (folder / "adapter_model.safetensors").write_bytes(b"half")
    store.keep("tunings", 1, make, Path.iterdir)
    assert len(made) == 2


def test_two_stages_whose_folders_were_exchanged_are_made_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store, made = LocalStore(tmp_path), list[str]()

    def keep(word: str) -> Path:
        def write(folder: Path) -> None:
            made.append(word)
            (folder / "out.txt").write_text(word)

        # Numbers as keys are texts in a manifest.
        return store.keep("answers", [word, {2: (1.0, float("nan")), 10: None}], write, Path.iterdir).folder

    one, two = keep("one"), keep("two")
    assert made == ["one", "two"]
    one.rename(tmp_path / "else")
    two.rename(one)
    (tmp_path / "else").rename(two)
    assert store.find("answers", ["one", {2: (1.0, float("nan")), 10: None}], Path.iterdir) is None
    assert [(keep(word) / "out.txt").read_text() for word in ("one", "two", "one")] == ["one", "two", "one"]
    assert made == ["one", "two", "one", "two"]
    assert "is damaged (it was made of other inputs) and is made again" in caplog.text


def test_threads_that_find_the_same_damage_make_the_stage_once(tmp_path: Path) -> None:
    folder = LocalStore(tmp_path).keep("grades", 1, grade, verdict).folder
    (folder / "grades.jsonl").write_text("")
    made, verdicts = [], []

    def make(folder: Path) -> None:
        made.append(folder)
        time.sleep(0.1)
        grade(folder)

    threads = [
        threading.Thread(target=lambda: verdicts.append(verdict(LocalStore(tmp_path).keep("grades", 1, make, verdict).folder)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), verdicts) == (1, [False] * 4)


def test_drafts_of_other_jobs_are_no_finished_stages(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    kept = store.keep("grades", 1, grade, verdict)
    shutil.copytree(kept.folder, kept.folder.with_name(f".{kept.key}-draft"))
    assert [found.key for _, found in store.finished("grades", verdict)] == [kept.key]


def test_a_check_leaves_nothing_however_it_ends(tmp_path: Path) -> None:
    LocalStore(tmp_path / "store").check()
    assert list((tmp_path / "store").iterdir()) == []


def test_what_a_stage_left_unfinished_is_there_the_next_time_and_gone_once_it_is_finished(tmp_path: Path) -> None:
    found = list[str]()

    def make(folder: Path) -> None:
        work = unfinished()
        assert work
        found.extend(path.name for path in work.folder.glob("*"))
        work.folder.mkdir(parents=True, exist_ok=True)
        (work.folder / f"after {len(found)}").touch()
        if len(found) < 2:
            raise ValueError("not yet")
        work.seconds += 1000
        (folder / "output").touch()

    store = LocalStore(tmp_path)
    for _ in range(2):
        with pytest.raises(ValueError, match="not yet"):
            store.keep("tunings", 1, make, Path.iterdir)
    assert store.keep("tunings", 1, make, Path.iterdir).seconds > 1000
    assert sorted(found) == ["after 0", "after 0", "after 1"]
    assert list((tmp_path / "unfinished").iterdir()) == []
    assert unfinished() is None
