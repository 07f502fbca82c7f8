"""Measure replies a second that the store keeps and finds again, and the memory: python bench/replies.py 1000 100000."""

import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from runner.component import identified
from runner.data.records import Prompt, Reply, chat
from runner.store.reply_cache import CachedModel


@identified
@dataclass
class Quick:
    """A model that answers at once."""

    name: str = "quick"

    def check(self) -> None:
        """Accept."""

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """Yield a reply of usual length to each."""
        for place in range(len(prompts)):
            yield place, Reply(text=f"{place} " * 60, prompt_tokens=300, reply_tokens=120)


def main(numbers: Sequence[int]) -> None:
    """Keep and find so many replies, the smaller numbers first."""
    for number in numbers:
        prompts = [chat(f"question {place} " * 30, "Answer briefly.", 100) for place in range(number)]
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with tempfile.TemporaryDirectory() as folder:
            for work in ("kept", "found"):
                wall, processor = time.monotonic(), time.process_time()
                for _ in CachedModel(Quick(), Path(folder)).ask(prompts):
                    pass
                wall, processor = time.monotonic() - wall, time.process_time() - processor
                print(f"{number:,} {work}: {number / wall:,.0f} a second, {1e6 * processor / number:.0f} µs of processor each")
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"{number:,}: peak memory rose by {(after - before) / 1024:.0f} MB beyond the prompts")


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]])
