"""Faults and signals that end the command, to words and exit codes."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from runner.errors import Fault


@contextmanager
def stopped() -> Iterator[None]:
    """Let SIGTERM (docker stop, a time limit of Slurm) stop the work as Ctrl-C does.

    The command then exits with 128 and the number of the signal.
    """
    received = [signal.SIGINT]

    def stop(number: int, frame: FrameType | None) -> None:
        received.append(signal.Signals(number))
        # An event loop has a handler of its own for Ctrl-C, which must have its way.
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
    """Print a Fault without a traceback, and exit with its code."""
    try:
        yield
    except Fault as fault:
        print(fault, file=sys.stderr)
        sys.exit(fault.exit_code)
