"""Replies of a folder in, objects out, and back.

A reply is first written on this machine, which takes no network. Then it is sent, beside the next requests. One that could not be
sent is noted, and sent by the next command.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from runner.data.atomic_write import publish
from runner.errors import Fault
from runner.store.bucket import Bucket

log = logging.getLogger("runner")

SENDERS = 16  # replies on their way at a time


class SharedReplies:
    """The replies that machines share."""

    def __init__(self, bucket: Bucket, folder: Path) -> None:
        """Share the replies in `folder`."""
        self.bucket, self.folder = bucket, folder
        self.unsent = folder.with_name("unsent")
        self._senders: ThreadPoolExecutor | None = None
        self._sent: list[Future[None]] = []

    def receive(self, names: Sequence[str]) -> None:
        """Fetch replies that are not in the folder yet.

        A name is that of a file in the folder. Raise a Fault if the bucket can't be asked: else they would be paid for again.
        """
        missing = [name for name in names if not (self.folder / name).exists()]
        for name, content in self.bucket.read_each([f"{self.folder.name}/{name}" for name in missing]).items():
            file = self.folder.parent / name
            file.parent.mkdir(parents=True, exist_ok=True)
            publish(file, content.decode("utf-8", "surrogatepass"), drafts=self.folder)

    def send(self, name: str) -> None:
        """Send a reply, beside what follows."""
        self.unsent.mkdir(parents=True, exist_ok=True)
        (self.unsent / name.replace("/", "-")).touch()
        self._senders = self._senders or ThreadPoolExecutor(SENDERS)
        self._sent = [each for each in self._sent if not each.done()]
        self._sent.append(self._senders.submit(self._send, name))

    def finish(self) -> None:
        """Wait until all replies are sent."""
        if self._senders:
            self._senders.shutdown()
            self._senders, self._sent = None, []

    def send_again(self) -> None:
        """Send what earlier commands could not send."""
        for mark in self.unsent.glob("*") if self.unsent.is_dir() else ():
            self.send(mark.name.replace("-", "/"))
        self.finish()

    def _send(self, name: str) -> None:
        try:
            content = (self.folder / name).read_bytes()
            self.bucket.write(f"{self.folder.name}/{name}", content)
        except FileNotFoundError:  # removed since
            pass
        except Fault as fault:
            log.warning("a reply is kept on this machine alone until the next command: %s", fault)
            return
        (self.unsent / name.replace("/", "-")).unlink(missing_ok=True)
