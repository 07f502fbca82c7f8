"""The page of runner-review by keyboard: its pace on a few items, and what a turn takes on many; printed.

The driver presses a key as soon as the next item is shown. A person reads first, so the pace is the machine's bound.
"""

import argparse
import json
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from runner.data.records import plain
from runner.data.reviews import Item, Review
from tests.review_page.browser import BROWSER, Server, opened, started_chromium, write_corpus

SECTIONS, CATEGORIES, EXAM = 400, 10, 500
WHO = "Ada"
# Milliseconds from each last key to the frame that shows the next item.
CLOCK = """
window.turns = [];
document.addEventListener("keydown", () => { window.pressed = performance.now(); }, true);
document.addEventListener("htmx:afterSettle", () => requestAnimationFrame(() => setTimeout(() => {
  window.turns.push(performance.now() - window.pressed);
})));
"""
KEYS = {"accept": ("a",), "reject": ("r",), "edit": ("e", "Control+A", *"No.", "Control+Enter"), "next": ("j",)}


def labels_and_documents(items: int) -> tuple[list[dict[str, str]], dict[str, str]]:
    """Make up labels on made-up sections; of 100 answers three are wrong."""
    drawn = random.Random(0)
    syllables = [first + second for first in "bdfgklmnprst" for second in "aeiou"]
    names = ["".join(drawn.choices(syllables, k=drawn.randint(2, 4))) for _ in range(5000)]
    labels, documents = [], {}
    for number in range(SECTIONS):
        facts = []
        for _ in range(number * items // SECTIONS, (number + 1) * items // SECTIONS):
            name, value = " ".join(drawn.choices(names, k=3)), drawn.randint(2, 4096)
            facts.append(f"The {name} holds {value} bytes.")
            answer = f"It holds {value + (drawn.random() < 0.03)} bytes."
            row = {"question": f"How many bytes does the {name} hold?", "answer": answer, "section": f"m{number}.md#Memory"}
            labels.append({**row, "category": f"c{number % CATEGORIES}"})
        documents[f"m{number}.md"] = f"# Module {number}\n\n## Memory\n\n{' '.join(facts)}\n"
    return labels, documents


def corpus(root: Path, items: int) -> Path:
    """Write labels, an exam, and reviews of half the labels by two people."""
    labels, documents = labels_and_documents(items)
    write_corpus(root, documents, labels)
    exam = [{**row, "question": f"Say {row['question']}"} for row in labels[:: max(1, items // EXAM)]]
    reviews = []
    for place, row in enumerate(labels[: items // 2]):
        people = ("Bea", "Cleo") if place % 5 == 0 else ("Bea",)
        item = Item(kind="label", method="human", **row)
        reviews += [Review(verdict="accept", before=item, who=who, when="2026-11-30T09:00:00+00:00") for who in people]
    for name, rows in (("exam", exam), ("reviews", reviews)):
        text = "".join(json.dumps(row, default=plain) + "\n" for row in rows)
        (root / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return root


def turns(page: Any, keys: Sequence[str], count: int) -> tuple[float, list[float]]:
    """Do so many turns; return seconds in all, and milliseconds of each."""
    page.evaluate("window.turns = []")
    began = time.monotonic()
    for turn in range(1, count + 1):
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_function("count => window.turns.length >= count", arg=turn)
    return time.monotonic() - began, page.evaluate("window.turns")


def spread(milliseconds: Sequence[float]) -> str:
    """Write the median and the 95th percentile."""
    high = statistics.quantiles(milliseconds, n=20, method="inclusive")[-1]
    return f"median {statistics.median(milliseconds):.0f} ms, 95th percentile {high:.0f} ms"


def timed(actions: Iterator[Callable[[], Any]]) -> list[float]:
    """Return the milliseconds that each action takes."""
    measured = []
    for action in actions:
        began = time.monotonic()
        action()
        measured.append(1000 * (time.monotonic() - began))
    return measured


def filter_changes(page: Any, count: int) -> Iterator[Callable[[], Any]]:
    """Return changes of the filter, each loaded in full."""
    page.locator("details.filters").evaluate("filters => { filters.open = true; }")

    def change(category: str) -> None:
        with page.expect_navigation(wait_until="load"):
            page.select_option("select[name=category]", category)

    return (partial(change, f"c{number % CATEGORIES}") for number in range(count))


def memory(process: int) -> int:
    """Return a process's most memory so far, in MB."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def processor_seconds(process: int) -> float:
    """Return the processor time of a process so far."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def browser_seconds(kind: str = "") -> float:
    """Return the processor time of the browser's processes so far; of one kind, such as its renderer."""
    processes, seconds = [os.getpid()], 0.0
    for process in processes:  # grows as children are found
        # A process may end meanwhile.
        with suppress(OSError):
            for thread in Path(f"/proc/{process}/task").iterdir():
                processes += map(int, (thread / "children").read_text(encoding="utf-8").split())
            command = Path(f"/proc/{process}/cmdline").read_text(encoding="utf-8").replace("\0", " ")
            if "chrom" in command.partition(" ")[0] and kind in command:
                seconds += processor_seconds(process)
    return seconds


def measure(browser: Any, root: Path, items: int, count: int) -> None:
    """Print the numbers of a corpus with so many items."""
    corpus(root, items)
    began = time.monotonic()
    server = Server(root)
    try:
        listening, used = time.monotonic() - began, processor_seconds(server.process.pid)
        print(f"{items:,} labels: page after {listening:.1f} s ({used:.1f} s of a processor)")
        server.kill()
        began = time.monotonic()
        server.start()
        listening, used = time.monotonic() - began, processor_seconds(server.process.pid)
        page = opened(browser, server.address, WHO)
        page.set_default_timeout(60_000)
        shown = time.monotonic() - began
        page.add_init_script(CLOCK)
        page.reload()
        print(f"  started again: page after {listening:.1f} s ({used:.1f} s of a processor), first item after {shown:.1f} s")
        for name, keys in KEYS.items():
            parts = (partial(processor_seconds, server.process.pid), browser_seconds, partial(browser_seconds, "--type=renderer"))
            before = [part() for part in parts]
            seconds, milliseconds = turns(page, keys, count)
            of_server, of_browser, of_page = (1000 * (part() - was) / count for part, was in zip(parts, before, strict=True))
            pace = f"{60 * count / seconds:.0f} items a minute, {len(keys)} keys an item"
            print(f"  {name}: {pace}; a turn {spread(milliseconds)}")
            shares = f"server {of_server:.0f} ms, browser {of_browser:.0f} ms, of which the page's process {of_page:.0f} ms"
            print(f"    processor time of a turn: {shares}", flush=True)
        print(f"  filter change: {spread(timed(filter_changes(page, count // 5)))}")
        summaries = timed((lambda: page.goto(f"{server.address}summary")) for _ in range(count // 10))
        print(f"  summary: {spread(summaries)}; peak memory of the server {memory(server.process.pid)} MB", flush=True)
        page.close()
    finally:
        server.kill()


def main() -> None:
    """Measure few items, then many."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", default="1000,20000", help="numbers of labels (default: %(default)s)")
    parser.add_argument("--turns", type=int, default=100, help="of each kind (default: %(default)s)")
    chosen = parser.parse_args()
    if BROWSER is None:
        sys.exit("no browser here: install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        for items in map(int, chosen.items.split(",")):
            browser = started_chromium(driver)
            with tempfile.TemporaryDirectory() as folder:
                measure(browser, Path(folder) / "docs", items, chosen.turns)
            browser.close()
    print(f"{os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
