"""How many replies a second the store keeps and finds again, and in which memory: python bench/replies.py 1000 100000."""

import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from runner.data.records import Prompt, Reply, chat
from runner.store.local import Store


@dataclass
class Quick:
    """A model that answers at once."""

    name: str = "quick"

    def check(self) -> None:
        """It can always answer."""

    def ask(self, prompts: Sequence[Prompt]) -> Iterator[tuple[int, Reply]]:
        """A reply of the usual length to each."""
        for place in range(len(prompts)):
            yield place, Reply(text=f"{place} " * 60, prompt_tokens=300, reply_tokens=120)


def main(numbers: Sequence[int]) -> None:
    """Keep and find so many replies, the smaller numbers first."""
    for number in numbers:
        prompts = [chat(f"question {place} " * 30, "Answer briefly.", 100) for place in range(number)]
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with tempfile.TemporaryDirectory() as folder:
            for what in ("kept", "found"):
                wall, processor = time.monotonic(), time.process_time()
                for _ in Store(Path(folder)).remember(Quick()).ask(prompts):
                    pass
                wall, processor = time.monotonic() - wall, time.process_time() - processor
                print(f"{number:,} {what}: {number / wall:,.0f} a second, {1e6 * processor / number:.0f} µs of processor each")
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"{number:,}: peak memory rose by {(after - before) / 1024:.0f} MB beyond the prompts")


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]])
