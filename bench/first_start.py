"""First starts that are killed, or come two at once: kills in, whether the same command then works out.

    python bench/first_start.py --kills 100 --pairs 20

Each command starts in a fresh folder: no store, no tracking database. It is killed by SIGKILL and SIGINT in turns, at a random
moment of its first five seconds. Modules are imported beforehand, so these are the seconds in which files are made. The same
command then runs to its end, and must exit with 0 and leave every run finished and no draft of a database.
"""

import argparse
import multiprocessing
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from tests.sweep.given import quick

SECONDS = 5.0  # from the start to the latest kill
ARMS = 3  # base, rag and a tuned arm
MODULES = ["runner.run", "runner.comparison.figures", "mlflow.store.tracking.sqlalchemy_store", "datasets", "tests.sweep.given"]


def command(folder: Path, overrides: Sequence[str], output: Path) -> None:
    """Run the command as a process of its own; its output goes into a file."""
    with output.open("a") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
    from runner.run import main

    os.chdir(folder)
    sys.argv = ["run.py", "-m", *overrides]
    main()


class Starts:
    """Commands in a folder that is fresh."""

    def __init__(self, folder: Path) -> None:
        """Write the corpus and the choices."""
        self.folder = folder
        folder.mkdir()
        self.overrides = quick(folder, "sqlite:///mlruns/mlflow.db")
        self.spawning = multiprocessing.get_context("forkserver")
        self.spawning.set_forkserver_preload(MODULES)

    def start(self, name: str) -> ForkServerProcess:
        """Start the command."""
        process = self.spawning.Process(target=command, args=(self.folder, self.overrides, self.folder / f"{name}.txt"))
        process.start()
        return process

    def ended(self, process: ForkServerProcess, name: str) -> None:
        """Wait for a command, and check that it did its work."""
        process.join()
        said = (self.folder / f"{name}.txt").read_text()
        assert process.exitcode == 0, f"{self.folder}: exit code {process.exitcode}\n{said[-3000:]}"

    def check(self) -> None:
        """Check that every run is finished and no draft is left."""
        with closing(sqlite3.connect(self.folder / "mlruns" / "mlflow.db")) as file:
            statuses = [status for (status,) in file.execute("select status from runs")]
        assert statuses == ["FINISHED"] * (ARMS + 1), f"{self.folder}: {statuses}"
        assert not self.drafts(), f"{self.folder}: {self.drafts()}"

    def drafts(self) -> list[Path]:
        """List the drafts of a database."""
        return list((self.folder / "mlruns").glob(".mlflow.db-*"))


def killed(folder: Path, number: int, seconds: float) -> str:
    """Kill a first start, then run the same command; return at which point the kill came."""
    starts, sign = Starts(folder), (signal.SIGKILL, signal.SIGINT)[number % 2]
    process = starts.start("killed")
    process.join(seconds)
    alive, tables = process.is_alive(), (folder / "mlruns" / "mlflow.db").exists()
    drafts = starts.drafts()
    if alive and process.pid:
        os.kill(process.pid, sign)
    process.join()
    starts.ended(starts.start("again"), "again")
    starts.check()
    moment = "in work" if tables else "while tables were made" if drafts else "before tables were made"
    return f"{sign.name} {moment}" if alive else "none: the command had ended"


def pair(folder: Path) -> None:
    """Start a command twice at once, then once more."""
    starts = Starts(folder)
    both = [starts.start(f"pair-{number}") for number in range(2)]
    for number, process in enumerate(both):
        starts.ended(process, f"pair-{number}")
    starts.ended(starts.start("again"), "again")
    starts.check()


def main() -> None:
    """Kill, start pairs, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--pairs", type=int, default=20)
    arguments, chance, began = parser.parse_args(), random.Random(0), time.monotonic()
    failures, kills = list[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as root:
        for number in range(arguments.kills):
            try:
                kills[killed(Path(root) / f"kill-{number}", number, chance.uniform(0, SECONDS))] += 1
            except AssertionError as error:
                failures.append(str(error))
        for number in range(arguments.pairs):
            try:
                pair(Path(root) / f"pair-{number}")
            except AssertionError as error:
                failures.append(str(error))
    print(f"{arguments.kills} kills: {dict(kills.most_common())}")
    print(f"{arguments.pairs} pairs started at once")
    print(f"{len(failures)} of them left a folder in which the same command does not work")
    print("\n".join(failures))
    print(f"{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
