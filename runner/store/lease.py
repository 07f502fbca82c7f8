"""Locks by objects, for machines that share no file system.

Each holder of a lock creates an object with the next number, and writes it again while it works. A number that nobody has
written for a while belongs to a process that died. No clocks are compared: who waits measures by its own how long an object
stays the same. What is kept does not rest on this: of two writers of a stage the first one publishes it, whoever has the lock.
"""

import json
import logging
import os
import socket
import threading
import time
import uuid
from types import TracebackType
from typing import Any

from filelock import FileLock, Timeout

from runner.errors import Fault
from runner.store.bucket import Bucket

log = logging.getLogger("runner")

PATIENCE = 60.0  # seconds after which a holder that writes nothing is taken for dead


class Lease:
    """A lock that machines share; also of processes and threads of one."""

    def __init__(self, bucket: Bucket, key: str, local: FileLock, patience: float = PATIENCE) -> None:
        """Lock `key`; `local` is the lock of this machine's processes for it."""
        self.bucket, self.folder, self.local, self.patience = bucket, f"locks/{key}", local, patience
        self._number = 0
        self._content: dict[str, Any] = {}
        self._ended = threading.Event()
        self._renewal: threading.Thread | None = None

    def __enter__(self) -> "Lease":
        """Wait for the lock."""
        self.acquire()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Give the lock back."""
        self.release()

    def acquire(self, blocking: bool = True) -> bool:
        """Take the lock; without `blocking` return False if it is taken."""
        try:
            self.local.acquire(blocking=blocking)
        except Timeout:
            return False
        try:
            taken = self._taken(blocking)
        except BaseException:
            self.local.release()
            raise
        if not taken:
            self.local.release()
            return False
        self._ended.clear()
        self._renewal = threading.Thread(target=self._renew, daemon=True)
        self._renewal.start()
        return True

    def release(self) -> None:
        """Let others take the lock."""
        self._ended.set()
        if self._renewal:
            self._renewal.join()
        try:
            self._write(free=True)
        except Fault as fault:  # the work is done; the others wait until the lock is taken for dead
            log.warning("%s", fault)
        finally:
            self.local.release()

    def _taken(self, blocking: bool) -> bool:
        watched, since, logged = "", time.monotonic(), False
        while True:
            numbers = self._numbers()
            last = max(numbers, default=0)
            content = self.bucket.read(self._name(last)) if last else None
            state = json.loads(content) if content else {"free": True}
            # One that is gone was followed by a larger number. The next look shows it.
            if (mark := f"{last} {state.get('beat')}") != watched:
                watched, since = mark, time.monotonic()
            dead = time.monotonic() - since > self.patience
            if (state["free"] or dead) and self._create(last + 1, numbers):
                return True
            if not blocking:
                return False
            if not (logged or state["free"]):
                logged = True
                log.info("waiting for %s, which works on the same (%s)", state.get("holder"), self.folder)
            time.sleep(min(2.0, self.patience / 10))

    def _create(self, number: int, former: list[int]) -> bool:
        """Take a number; False if another process has it or a later one."""
        holder = f"{socket.gethostname()}, process {os.getpid()}"
        self._number, self._content = number, {"id": uuid.uuid4().hex, "holder": holder, "beat": 0, "free": False}
        if not self.bucket.create(self._name(number), json.dumps(self._content).encode()):
            return False
        # Old numbers are removed, so this one may have been free a second time, to somebody who looked long ago.
        if max(self._numbers(), default=number) > number:
            self.bucket.remove([self._name(number)])
            return False
        self.bucket.remove([self._name(each) for each in former])
        return True

    def _renew(self) -> None:
        while not self._ended.wait(self.patience / 4):
            try:
                if max(self._numbers(), default=self._number) > self._number:
                    log.warning("another process has taken over %s, since this one wrote nothing for a while", self.folder)
                    return
                self._write()
            except Fault as fault:  # the network may be back at the next attempt
                log.warning("%s", fault)

    def _write(self, free: bool = False) -> None:
        self._content |= {"beat": self._content["beat"] + 1, "free": free}
        self.bucket.write(self._name(self._number), json.dumps(self._content).encode())

    def _numbers(self) -> list[int]:
        return [int(name.rpartition("/")[2]) for name in self.bucket.list(self.folder)]

    def _name(self, number: int) -> str:
        return f"{self.folder}/{number}"
