"""The command runner-compare: logs of other tools, or past runs of ours, to verdicts."""

import argparse
import json
import re
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from runner.comparison import Comparison, table
from runner.comparison.regressions import regressions
from runner.comparison.words import ends, listed, points
from runner.errors import Fault, InvalidInput
from runner.logs import Choices
from runner.logs import table as logs_table
from runner.logs.alignment import aligned
from runner.logs.comparing import compare_systems
from runner.logs.gathering import LogPath, gather
from runner.terminal.exits import exit_codes
from runner.terminal.output import prepare_streams
from runner.terminal.plain_text import plain

REGRESSION, INVALID = 1, 2  # exit codes
ID, TRACKER = re.compile("[0-9a-f]{4,64}"), "tracker."  # an id or key of MLflow, maybe shortened; where to look for it
DESCRIPTION = """\
Compares systems on the items that all of them answered: mean scores with intervals, and for each system a verdict against
the first one: better, worse, or not decided, with the difference that could be seen. Differences are paired by item, items of
one cluster are not taken as independent, and the verdicts are corrected for their number.

LOG is one of
  FILE.eval, FILE.json        a log of inspect_ai
  FOLDER, samples_*.jsonl     samples of lm-evaluation-harness (lm_eval --log_samples --output_path FOLDER)
  FILE.json                   a result of promptfoo (promptfoo eval -o FILE.json)
  FILE.csv, .jsonl, .parquet  a table: item, score and, where known, system, cluster, trial, task
  ID                          a past run or sweep of run.py, as run.py --list prints it (with tracker.uri=... if need be)
The format is recognised by the content. Scores lie between 0 and 1; C, I, P and N are read as inspect_ai reads them. NAME=LOG
gives a system a name. Several logs of one NAME are repeated runs of one system, such as trainings with other seeds."""
EPILOG = """\
examples:
  runner-compare old.eval new.eval --score includes --cluster document
  runner-compare results/base results/tuned --score exact_match,strict-match
  runner-compare promptfoo.json --report comparison.html
  runner-compare base=a1.eval base=a2.eval new=b1.eval new=b2.eval
  runner-compare main=main.eval branch=branch.eval --fail-if-worse main          in CI: fails on a decided loss
  runner-compare main.eval branch.eval --fail-if-worse --margin 5                fails unless a loss of 5 points is ruled out
  runner-compare 3f2a91c0 7be01d55 --json

exit codes: 0 compared; 1 a system is worse than the base (--fail-if-worse); 2 the input can't be compared, and why"""


def arguments() -> argparse.ArgumentParser:
    """Define the command's arguments and its help."""
    parser = argparse.ArgumentParser(
        "runner-compare", description=DESCRIPTION, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("logs", nargs="+", metavar="LOG", help="a log, or NAME=LOG")
    parser.add_argument("--score", default="", metavar="NAME", help="the scorer or metric, where a log has several")
    parser.add_argument(
        "--cluster",
        default="",
        metavar="FIELD",
        help="the field of an item's metadata, document, variables or row that groups items",
    )
    parser.add_argument("--error", type=float, default=0.05, help="how often a verdict may be wrong (default: %(default)s)")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the report, one HTML page")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument(
        "--fail-if-worse",
        nargs="?",
        const="",
        metavar="BASE",
        help="end with exit code 1 if a system is decidedly worse than BASE (default: the first system)",
    )
    parser.add_argument(
        "--margin",
        type=float,
        metavar="POINTS",
        help="with --fail-if-worse: fail unless each system is shown to lose fewer than so many percentage points",
    )
    return parser


def main(words: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = arguments().parse_intermixed_args(words)
    command = shlex.join(["runner-compare", *(sys.argv[1:] if words is None else words)])
    prepare_streams()
    with exit_codes():
        try:
            code = _compare(options, command)
        except Fault as fault:
            # Every fault is one of the input: 1 is for a regression alone.
            print(plain(f"runner-compare: {fault}"), file=sys.stderr)
            code = INVALID
    sys.exit(code)


def _compare(options: argparse.Namespace, command: str) -> int:
    _check(options)
    runs = [word for word in options.logs if ID.fullmatch(word) and not Path(word).exists()]
    if runs and (others := [word for word in options.logs if word not in runs and not word.startswith(TRACKER)]):
        raise InvalidInput(f"{runs[0]} is no file, and {others[0]} is no run. Expected logs alone, or ids of past runs alone")
    comparison = _of_runs(options, runs) if runs else _of_logs(options, command)
    base = options.fail_if_worse or comparison.base or comparison.arms[0].name
    if base not in (names := [arm.name for arm in comparison.arms]):
        raise InvalidInput(f"--fail-if-worse {base}: no system is called so. The systems are {listed(names)}")
    if options.json:
        print(json.dumps(_record(comparison), indent=2, ensure_ascii=False))
    elif comparison.base:
        logs_table.show(comparison)
    else:
        table.show(comparison)
    if options.report:
        _report(comparison, options.report)
    return _gate(comparison, base, options.margin) if options.fail_if_worse is not None else 0


def _check(options: argparse.Namespace) -> None:
    """Raise InvalidInput for options that can't be meant."""
    if not 0 < options.error < 1:
        raise InvalidInput(f"--error {options.error:g}: expected a rate between 0 and 1, such as 0.05")
    if options.fail_if_worse and Path(options.fail_if_worse).exists():
        log = options.fail_if_worse
        raise InvalidInput(f"--fail-if-worse took the log {log} for the name of the base. Write it behind the logs")
    if options.margin is not None and options.fail_if_worse is None:
        raise InvalidInput("--margin says when a check fails, and there is no check. Add --fail-if-worse")
    if options.margin is not None and not 0 < options.margin <= 100:
        raise InvalidInput(f"--margin {options.margin:g}: expected percentage points between 0 and 100, such as 5")


def log_paths(words: Sequence[str]) -> list[LogPath]:
    """Read LOG and NAME=LOG; raise InvalidInput if one is no log."""
    paths = []
    for word in words:
        name, equals, path = word.partition("=")
        # A path may hold "=" too, as those of lm-evaluation-harness do.
        if Path(word).exists() or not equals:
            name, path = "", word
        if not Path(path).exists():
            raise InvalidInput(f"{path}: no such file or folder, and no id of a past run. Expected a log: runner-compare --help")
        paths.append(LogPath(name, Path(path)))
    if repeated := [path for path in paths if paths.count(path) > 1]:
        raise InvalidInput(f"{repeated[0].path} is named twice. Name each log once")
    return paths


def _of_logs(options: argparse.Namespace, command: str) -> Comparison:
    """Compare the systems of logs."""
    paths = log_paths(options.logs)
    systems = aligned(gather(paths, Choices(score=options.score, cluster=options.cluster), answers=options.report is not None))
    return compare_systems(systems, options.fail_if_worse or "", options.error, command)


def _of_runs(options: argparse.Namespace, runs: Sequence[str]) -> Comparison:
    """Compare past runs of ours, as run.py --compare does."""
    # Imported here: MLflow and Hydra take seconds, which a comparison of logs need not wait for.
    from runner.commands.compare_runs import past_comparison

    overrides = [word for word in options.logs if word not in runs]
    return past_comparison(runs, [*overrides, f"error={options.error}"], "runner-compare")[0]


def _record(comparison: Comparison) -> dict[str, Any]:
    if comparison.base:
        return logs_table.record(comparison)
    return {"arms": table.records(comparison), "pairs": table.paired(comparison), "notes": list(comparison.notes)}


def _report(comparison: Comparison, file: Path) -> None:
    # Imported here, since it takes a second and only a report needs it.
    from runner.comparison.page import page

    try:
        file.write_text(page(comparison), encoding="utf-8")
    except OSError as error:
        raise InvalidInput(
            f"--report {file}: it can't be written ({error.strerror}). Name a file in a folder that exists"
        ) from error
    print(f"Report: {file.resolve()}", file=sys.stderr)


def _gate(comparison: Comparison, base: str, margin: float | None) -> int:
    """Print why the check fails, and return the exit code."""
    failed = regressions(comparison, base, None if margin is None else margin / 100)
    for pair in failed:
        gain = f"{points(pair.difference.estimate)} points ({ends(pair.difference)})"
        why = "is decidedly worse than" if margin is None else f"is not shown to lose fewer than {margin:g} points against"
        print(plain(f"FAILED: {pair.second} {why} {base}: {gain}"), file=sys.stderr)
    return REGRESSION if failed else 0


if __name__ == "__main__":
    main()
