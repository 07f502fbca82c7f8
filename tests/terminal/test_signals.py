"""A signal ends the command with 128 and its number, wherever the work stands."""

import signal
import subprocess
import sys

import pytest

STOPPED = "stopped; the same command goes on from what is kept\n"
# Each of these gets the number of the signal. The work goes on for a minute if the signal is lost.
ANYWHERE = """
import signal, sys, time
from runner.terminal.signals import stopped
with stopped():
    signal.raise_signal(int(sys.argv[1]))
    time.sleep(60)
"""
WHILE_AN_OBJECT_IS_FREED = """
import signal, sys, time, weakref
from runner.terminal.signals import stopped
class Thing: pass
with stopped():
    thing = Thing()
    reference = weakref.ref(thing, lambda _: signal.raise_signal(int(sys.argv[1])))
    del thing
    time.sleep(60)
"""
WHILE_THE_COMMAND_IS_IMPORTED = """
import signal, sys
class Pressing:
    def find_spec(self, name, path, target=None):
        if name == "runner.run":
            signal.raise_signal(int(sys.argv[1]))
sys.meta_path.insert(0, Pressing())
from runner.__main__ import main
main()
"""


def ended(program: str, number: signal.Signals) -> tuple[int, str]:
    done = subprocess.run([sys.executable, "-c", program, str(int(number))], capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("program", [ANYWHERE, WHILE_AN_OBJECT_IS_FREED, WHILE_THE_COMMAND_IS_IMPORTED])
def test_a_signal_stops_the_work_and_is_told_in_the_exit_code(program: str, number: signal.Signals) -> None:
    assert ended(program, number) == (128 + number, STOPPED)


def test_a_command_under_nohup_outlives_its_terminal() -> None:
    under_nohup = "import signal\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
    assert ended(under_nohup + ANYWHERE.replace("time.sleep(60)", "pass"), signal.SIGHUP) == (0, "")


def test_a_second_signal_ends_the_command_at_once_and_without_a_traceback() -> None:
    again = f"import atexit, signal, sys\natexit.register(lambda: signal.raise_signal(int(sys.argv[1])))\n{ANYWHERE}"
    assert ended(again, signal.SIGINT) == (-signal.SIGINT, STOPPED)
