"""Faults to messages and exit codes."""

import errno
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from runner.errors import UNWRITABLE, Fault
from runner.terminal.output import discard, unread
from runner.terminal.plain_text import plain


@contextmanager
def exit_codes() -> Iterator[None]:
    """Print a Fault without traceback; exit with its code."""
    try:
        yield
        sys.stdout.flush()  # at the end of Python, an error would be shown as one of the program
    except Fault as fault:
        # A traceback would bury the message, which says what to do.
        print(plain(str(fault)), file=sys.stderr)
        sys.exit(fault.exit_code)
    except OSError as error:
        if error.errno == errno.EPIPE and unread():
            discard()
            sys.exit(128 + signal.SIGPIPE)  # as a shell reports it of other programs
        # Hydra makes its folder before any of our checks. Any other error of the system is an error of the program.
        if error.errno not in UNWRITABLE:
            raise
        message = (
            f"{error.filename or 'a file or the output'} can't be written ({error.strerror}). Start run.py in a folder that can "
            "be written and has space, or name others: hydra.run.dir=..., hydra.sweep.dir=..., store=..., tracker.uri=..."
        )
        print(plain(message), file=sys.stderr)
        sys.exit(1)
