"""Kept readings of files: keys in, what was read out.

Each call of `keep` writes a file of its own, with a line a reading: key, checksum, text. Any number of processes write without a
lock, and a change of one document writes one reading.
"""

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from runner.data.atomic_write import publish
from runner.data.records import digest, fingerprint

log = logging.getLogger("runner")


class KeptReadings:
    """Readings in a folder."""

    def __init__(self, folder: Path) -> None:
        """Use `folder`; nothing is written yet."""
        self.folder = folder

    def find(self, keys: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield the kept readings of some keys."""
        wanted = {key.encode() for key in keys}
        for file in sorted(self.folder.glob("[!.]*.txt")):
            before = len(wanted)
            with suppress(OSError), file.open("rb") as lines:
                for line in lines:
                    key, _, rest = line.partition(b" ")
                    if key not in wanted:
                        continue
                    checksum, _, text = rest.decode("utf-8", "replace").removesuffix("\n").partition(" ")
                    if fingerprint(text).hex() != checksum:
                        log.warning("a kept reading in %s is damaged. Its document is read again", file)
                        continue
                    wanted.discard(key)
                    yield key.decode(), text
            if len(wanted) < before:
                # The time of a reading's last use, by which old ones are known.
                with suppress(OSError):
                    os.utime(file)

    def keep(self, readings: Mapping[str, str]) -> None:
        """Keep readings, if the folder can be written."""
        # Nothing is lost without them but time. A store that can't be written is told by what needs it.
        with suppress(OSError):
            if readings:
                self.folder.mkdir(parents=True, exist_ok=True)
                lines = (f"{key} {fingerprint(text).hex()} {text}\n" for key, text in readings.items())
                publish(self.folder / f"{digest(list(readings))}.txt", "".join(lines))
