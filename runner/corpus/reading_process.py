"""A process that reads files for this one: paths in, readings out.

Its first line of input holds root and rules, each further one a list of paths. It answers each path with a line. All lines are
JSON.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from itertools import islice
from pathlib import Path

from runner.corpus.files import shown
from runner.corpus.reading import READING, FileReading, ReadingRules, read_file
from runner.errors import Fault

# The paths of this process, and not the current folder, which may hold anything.
_COMMAND = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from runner.corpus.reading_process import main; main()"
_READY = "ready"


class ReadingProcess:
    """A process that reads files.

    It is started again after a file that ends it.
    """

    # Not by multiprocessing, which does not say at which file a process ended, and which runs a script without a `__main__`
    # guard once more in each process.

    def __init__(self, root: Path, rules: ReadingRules) -> None:
        """Keep what the process must know; `read` starts it."""
        self._settings = json.dumps([str(root), asdict(rules)])
        self.running: subprocess.Popen[str] | None = None
        self._stopped = False

    def read(self, files: Sequence[Path]) -> list[str]:
        """Return the reading of each file as JSON.

        A file that ends the process has a fault.
        """
        readings: list[str] = []
        while len(readings) < len(files) and not self._stopped:
            process = self.running = self.running or self._started()
            readings += _answers(process, files[len(readings) :])
            if len(readings) < len(files):
                self.running = None
                readings.append(_ended(process, files[len(readings)]))
        return readings

    def close(self) -> None:
        """End the process; it is not reading."""
        if self.running and self.running.stdin:
            self.running.stdin.close()
            self.running.wait()

    def stop(self) -> None:
        """End the process and its programs at once."""
        self._stopped = True
        if self.running:
            _kill(self.running)

    def _started(self) -> "subprocess.Popen[str]":
        command = [sys.executable, "-P", "-c", _COMMAND, json.dumps(sys.path)]
        # A group of its own, so that Ctrl-C reaches this process alone, which then ends the other.
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,
        )
        if self._stopped:  # meanwhile, by another thread
            _kill(process)
        with suppress(BrokenPipeError):
            _send(process, self._settings)
        if not self._stopped and _lines(process, 1) != [_READY]:
            raise Fault(f"the process that reads documents does not start ({_status(process)}). See the lines above")
        return process


def main() -> None:
    """Read the files that another process names."""
    # Libraries may print. Their lines must not stand between the answers.
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers, suppress(BrokenPipeError):
        os.dup2(2, 1)
        print(_READY, file=answers, flush=True)
        root, rules = json.loads(sys.stdin.readline())
        for line in sys.stdin:
            for name in json.loads(line):
                reading = read_file(Path(name), Path(root), ReadingRules(**rules))
                print(READING.dump_json(reading).decode(), file=answers, flush=True)


def _answers(process: "subprocess.Popen[str]", files: Sequence[Path]) -> list[str]:
    """Return a process's answers; fewer than files if it ended."""
    with suppress(BrokenPipeError):
        _send(process, json.dumps([str(file) for file in files]))
    return _lines(process, len(files))


def _send(process: "subprocess.Popen[str]", line: str) -> None:
    assert process.stdin
    print(line, file=process.stdin, flush=True)


def _lines(process: "subprocess.Popen[str]", count: int) -> list[str]:
    """Return whole lines of a process's output, at most `count`."""
    assert process.stdout
    return [line[:-1] for line in islice(process.stdout, count) if line.endswith("\n")]


def _ended(process: "subprocess.Popen[str]", file: Path) -> str:
    """Return the reading of a file that ended its process."""
    fault = f"{file} can't be read: it ended the process that read it ({_status(process)}). Save it again, or leave it out"
    return READING.dump_json(FileReading(fault=shown(fault))).decode()


def _status(process: "subprocess.Popen[str]") -> str:
    """Return exit status or signal of a process that ends."""
    status = process.wait()
    return signal.Signals(-status).name if status < 0 else f"exit status {status}"


def _kill(process: "subprocess.Popen[str]") -> None:
    """End a process and all of its group."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
