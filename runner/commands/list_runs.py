"""A command line in, past sweeps and runs printed."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from omegaconf import OmegaConf

from runner.commands.tracked_runs import History, belongs_to, history
from runner.comparison.words import percent
from runner.terminal.plain_text import plain
from runner.tracker import TrackedRun
from runner.tracker.mlflow_address import shown

HEADINGS = ("began", "id", "corpus", "status", "accuracy", "name")


def list_runs(words: Sequence[str]) -> None:
    """Print past sweeps and runs, newest first.

    The arms of a sweep stand below it, in the order in which they were made.
    """
    with history(words) as past:
        rows = [HEADINGS, *(_cells(run, indented) for run, indented in _ordered(past.runs))]
        if not past.runs:
            print(plain(_nothing(past)))
            return
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    for row in rows:
        # Not a table of the terminal's width: ids must not be cut, and lines are searched with grep.
        print(plain("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()))


def _nothing(past: History) -> str:
    """Describe the place that has no run."""
    uri = OmegaConf.select(past.config, "tracker.uri")  # a tracker of the user's own may have none
    place = f" in {shown(str(uri))} (from the folder {Path.cwd()})" if uri else ""
    return (
        f"no run is tracked{place}. Start run.py in the folder of the earlier command, or name its place: "
        "run.py --list tracker.uri=sqlite:///FOLDER/mlruns/mlflow.db"
    )


def _ordered(runs: Sequence[TrackedRun]) -> Iterator[tuple[TrackedRun, bool]]:
    """Yield runs; True where one stands below its sweep."""
    known = {run.id for run in runs}
    for run in runs:
        if not known & {*belongs_to(run)[:1]}:
            yield run, False
            yield from ((arm, True) for arm in reversed(runs) if belongs_to(arm)[:1] == [run.id])


def _cells(run: TrackedRun, indented: bool) -> tuple[str, ...]:
    began = datetime.fromtimestamp(run.began).strftime("%Y-%m-%d %H:%M")
    accuracy = percent(run.metrics["accuracy"]) if "accuracy" in run.metrics else ""
    best = f" (best: {run.tags['runner.best']})" if "runner.best" in run.tags else ""
    return began, run.id[:8], run.experiment, run.status.lower(), accuracy, f"{'  ' if indented else ''}{run.name}{best}"
