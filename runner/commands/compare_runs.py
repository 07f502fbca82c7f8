"""Ids of past runs in, their comparison and report out."""

from collections.abc import Sequence
from pathlib import Path

from runner.commands.tracked_runs import history
from runner.comparison import Comparison
from runner.comparison.compare import compare, compare_at_look
from runner.comparison.table import show
from runner.comparison.tracked import load
from runner.config.command_line import split
from runner.errors import InvalidInput
from runner.sweep.report import write_reports
from runner.tracker import TrackedRun


def compare_runs(words: Sequence[str]) -> None:
    """Compare runs that took one exam, and write the report.

    `words` are ids or keys of runs and sweeps, also shortened, and overrides such as tracker.uri=... A sweep stands for its arms.
    """
    ids = [word for word in split(words)[1] if "=" not in word]
    if not ids:
        raise InvalidInput("--compare: found no id. Expected ids of runs or sweeps, as run.py --list prints them")
    comparison, folder = past_comparison(ids, [word for word in words if word not in ids], "run.py --compare")
    show(comparison)
    write_reports([comparison], folder)


def past_comparison(ids: Sequence[str], overrides: Sequence[str], command: str) -> tuple[Comparison, Path]:
    """Compare past runs by their ids.

    Return the comparison, and the folder that Hydra would write to.
    """
    with history(overrides) as past:
        arms = {arm.id: arm for word in ids for arm in past.arms(past.find(word))}
        if not arms:
            raise InvalidInput(f"{command} {' '.join(ids)}: the sweep has no arm yet")
        _check_alike(list(arms.values()))
        tracked = [load(past.tracker, arm) for arm in arms.values()]
        looks, trainings = past.looks(ids), max(result.trainings for result in tracked)

        def compared(error: float) -> Comparison:
            return compare(tracked, error, f"{command} {' '.join(ids)}", margin=past.config.margin / 100)

        # At the error of its last look, as in the sweep's own table.
        comparison = compare_at_look(compared, past.config.error, trainings, looks)
        return comparison, Path(past.config.hydra.runtime.output_dir)


def _check_alike(arms: Sequence[TrackedRun]) -> None:
    """Raise InvalidInput if two arms can't be in one table."""
    if labels := [arm for arm in arms if arm.tags.get("runner.kind") == "labels"]:
        raise InvalidInput(f"{labels[0].name} ({labels[0].id[:8]}) made labels alone, and took no exam. Name arms or sweeps")
    first = arms[0]
    for other in arms[1:]:
        if first.tags.get("runner.exam") != other.tags.get("runner.exam"):
            raise InvalidInput(
                f"{_described(first)} and {_described(other)} did not take the same exam, so their accuracies can't be compared. "
                "Name runs of one exam"
            )
        # Runs that earlier versions made have fewer settings. What both have must agree.
        graded = [name for name in first.parameters.keys() & other.parameters.keys() if name.split(".")[0] in ("grader", "judge")]
        different = sorted(name for name in graded if first.parameters[name] != other.parameters[name])
        grading = {first.tags.get("runner.grading"), other.tags.get("runner.grading")} - {None}
        if not different and len(grading) > 1:
            different = ["by two versions of the grader"]
        if different:
            raise InvalidInput(
                f"{_described(first)} and {_described(other)} were graded in different ways ({', '.join(different)}), so their "
                "accuracies can't be compared. Name runs of one grader"
            )


def _described(run: TrackedRun) -> str:
    return f"{run.name} ({run.id[:8]}, corpus {run.experiment}, exam {run.tags.get('runner.exam', 'unknown')[:8]})"
