"""Signals in, an orderly end of the work out."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer, main_thread
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

SOON = 0.05  # seconds


class Terminated(KeyboardInterrupt):
    """A signal whose sender may soon kill the process."""


@contextmanager
def stopped() -> Iterator[None]:
    """Let SIGTERM and SIGHUP stop the work as Ctrl-C does.

    `docker stop` and time limits of Slurm send the first, a terminal that is closed the second. The command then exits with 128
    and the number of the signal, as a shell reports it.
    """
    received, usual = [signal.SIGINT], sys.unraisablehook

    def stop(number: int, frame: FrameType | None) -> None:
        received.append(signal.Signals(number))
        # An event loop has a handler of its own for Ctrl-C, which must cancel its tasks first. So the handler is looked up
        # now, and not when the command began.
        interrupt = signal.getsignal(signal.SIGINT)
        if interrupt is signal.default_int_handler or not callable(interrupt):
            raise Terminated
        interrupt(signal.SIGINT, frame)

    def again(dropped: "UnraisableHookArgs") -> None:
        # Python drops what is raised while it frees an object (in a callback of a weak reference, in __del__). A signal that
        # arrives there would be lost, and the work would go on. So it is sent once more, after the object is freed.
        if issubclass(dropped.exc_type, KeyboardInterrupt):
            Timer(SOON, signal.pthread_kill, (main_thread().ident, received[-1])).start()
        else:
            usual(dropped)

    signal.signal(signal.SIGTERM, stop)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as under nohup
        signal.signal(signal.SIGHUP, stop)
    sys.unraisablehook = again
    try:
        yield
    except KeyboardInterrupt:
        # Whoever presses Ctrl-C once more wants an end at once, and no traceback of the way out.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        with suppress(OSError):  # of a terminal that was closed
            print("stopped; the same command goes on from what is kept", file=sys.stderr, flush=True)
        sys.exit(128 + received[-1])
    finally:
        sys.unraisablehook = usual
