"""A process reads files; one that ends it is named, and the others are read."""

import os
import signal
import threading

import pytest

from runner.corpus.reading import READING, ReadingRules, read_file
from runner.corpus.reading_process import ReadingProcess

RULES = ReadingRules(longest=100, strict=False)


@pytest.fixture
def root(tmp_path):
    (tmp_path / "documents").mkdir()
    return tmp_path


@pytest.fixture
def process(root):
    process = ReadingProcess(root, RULES)
    yield process
    process.stop()


def written(root, *names):
    """Files of one sentence."""
    files = [root / "documents" / name for name in names]
    for file in files:
        file.write_text("## Final\n\nAda wön.\n")
    return files


def test_a_process_reads_as_this_one_does(root, process):
    files = [*written(root, "a.md", "new\nline 🙂.md"), root / "documents" / "gone.md"]
    readings = [READING.validate_json(text) for text in process.read(files)]
    assert readings == [read_file(file, root, RULES) for file in files]
    assert "gone.md can't be read" in readings[2].fault


def test_a_file_that_ends_the_process_is_named_and_the_next_ones_are_read(root, process):
    first, second = written(root, "a.md", "b.md")
    process.read([first])
    # Stopped, so that it is killed before it answers, as by the kernel where memory ends.
    os.kill(process.running.pid, signal.SIGSTOP)
    done = []
    reading = threading.Thread(target=lambda: done.extend(process.read([first, second])))
    reading.start()
    process.running.kill()
    reading.join(120)
    faults = [READING.validate_json(text).fault for text in done]
    assert faults == [f"{first} can't be read: it ended the process that read it (SIGKILL). Save it again, or leave it out", ""]


def test_a_process_that_is_stopped_reads_no_more(root, process):
    (file,) = written(root, "a.md")
    process.read([file])
    pid = process.running.pid
    process.stop()
    assert process.read([file]) == []
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_modules_in_the_current_folder_are_not_run(root, process, monkeypatch):
    for module in ("json.py", "runner.py", "markdown_it.py"):
        (root / module).write_text("raise SystemExit(3)")
    monkeypatch.chdir(root)
    (text,) = process.read(written(root, "a.md"))
    assert READING.validate_json(text).sectioning is not None
