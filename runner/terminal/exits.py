"""Faults and signals to messages and exit codes."""

import errno
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from runner.errors import Fault
from runner.terminal.plain_text import plain

UNWRITABLE = {errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EDQUOT}


@contextmanager
def stopped() -> Iterator[None]:
    """Let SIGTERM stop the work as Ctrl-C does.

    `docker stop` and time limits of Slurm send it. The command then exits with 128 and the number of the signal, as a shell
    reports it.
    """
    received = [signal.SIGINT]

    def stop(number: int, frame: FrameType | None) -> None:
        received.append(signal.Signals(number))
        # An event loop has a handler of its own for Ctrl-C, which must cancel its tasks first. So the handler is looked up
        # now, and not when the command began.
        interrupt = signal.getsignal(signal.SIGINT)
        (interrupt if callable(interrupt) else signal.default_int_handler)(signal.SIGINT, frame)

    signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt:
        print("stopped; the same command goes on from what is kept", file=sys.stderr)
        sys.exit(128 + received[-1])


@contextmanager
def exit_codes() -> Iterator[None]:
    """Print a Fault without traceback; exit with its code."""
    try:
        yield
    except Fault as fault:
        # A traceback would bury the message, which says what to do.
        print(plain(str(fault)), file=sys.stderr)
        sys.exit(fault.exit_code)
    except OSError as error:
        # Hydra makes its folder before any of our checks. Any other error of the system is an error of the program.
        if error.errno not in UNWRITABLE:
            raise
        message = (
            f"{error.filename or 'a file'} can't be written ({error.strerror}). Start run.py in a folder that can be written and "
            "has space, or name others: hydra.run.dir=..., hydra.sweep.dir=..., store=..., tracker.uri=..."
        )
        print(plain(message), file=sys.stderr)
        sys.exit(1)
