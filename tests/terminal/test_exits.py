"""A Fault ends the command with its words and exit code, a signal with 128 and its number."""

import errno
import signal
import subprocess
import sys
import time

import pytest

from runner.errors import Fault, InvalidInput
from runner.terminal.exits import exit_codes

WAITING = """
import time
from runner.terminal.exits import stopped
with stopped():
    print("ready", flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize(("fault", "code"), [(Fault("no key"), 1), (InvalidInput("no such method"), 2)])
def test_a_fault_is_printed_without_a_traceback(fault: Fault, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left, exit_codes():
        raise fault
    assert left.value.code == code
    assert capsys.readouterr().err == f"{fault}\n"


def test_another_error_passes() -> None:
    with pytest.raises(ZeroDivisionError), exit_codes():
        _ = 1 / 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_work_and_is_told_in_the_exit_code(number: signal.Signals) -> None:
    process = subprocess.Popen([sys.executable, "-c", WAITING], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout and process.stdout.readline() == "ready\n"
    time.sleep(0.1)
    process.send_signal(number)
    _, error = process.communicate(timeout=30)
    assert (process.returncode, error) == (128 + number, "stopped; the same command goes on from what is kept\n")


def test_a_place_that_can_not_be_written_is_named_with_the_way_out(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left, exit_codes():
        raise OSError(errno.EROFS, "Read-only file system", "mlruns")
    assert left.value.code == 1
    assert capsys.readouterr().err.startswith("mlruns can't be written (Read-only file system). Start run.py in a folder")


def test_another_error_of_the_system_keeps_its_traceback() -> None:
    with pytest.raises(FileNotFoundError), exit_codes():
        raise FileNotFoundError(errno.ENOENT, "No such file or directory", "gone")


def test_what_a_server_said_acts_on_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit), exit_codes():
        raise Fault("the host refused: \x1b]0;owned\x07\nName another")
    assert capsys.readouterr().err == "the host refused: \ufffd]0;owned\ufffd\nName another\n"
