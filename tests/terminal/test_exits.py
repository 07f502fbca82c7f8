"""A Fault ends the command with its words and exit code."""

import errno

import pytest

from runner.errors import Fault, InvalidInput
from runner.terminal.exits import exit_codes


@pytest.mark.parametrize(("fault", "code"), [(Fault("no key"), 1), (InvalidInput("no such method"), 2)])
def test_a_fault_is_printed_without_a_traceback(fault: Fault, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left, exit_codes():
        raise fault
    assert left.value.code == code
    assert capsys.readouterr().err == f"{fault}\n"


def test_another_error_passes() -> None:
    with pytest.raises(ZeroDivisionError), exit_codes():
        _ = 1 / 0


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
