"""Tracked arms in, printed and tracked comparisons out."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runner.comparison import Comparison
from runner.comparison.agreement import Agreement
from runner.comparison.names import ArmName
from runner.comparison.summary import summary
from runner.comparison.table import paired, records, show
from runner.comparison.tracked import Tracked
from runner.config.study import Study
from runner.data.verdicts import VERDICTS
from runner.errors import Fault
from runner.grader import AsksSometimes
from runner.pipeline.exam_file import exam_file
from runner.pipeline.store_executor import cached
from runner.sweep.exams import by_exam
from runner.tracker import Run
from runner.version import RELEASE, commit, commit_of

if TYPE_CHECKING:
    from runner.grader.agreement import TwoVerdicts

log = logging.getLogger("runner")

# A context variable, not a global, so that threads do not get each other's comparisons.
_collector: ContextVar[list[Comparison] | None] = ContextVar("collector", default=None)


@contextmanager
def collected() -> Iterator[list[Comparison]]:
    """Collect the comparisons that are printed in the block.

    Hydra returns nothing of what a command did.
    """
    comparisons: list[Comparison] = []
    token = _collector.set(comparisons)
    try:
        yield comparisons
    finally:
        _collector.reset(token)


def compare_arms(studies: Sequence[Study], command: str, run: str = "", looks: Sequence[int] = ()) -> list[Comparison]:
    """Print a comparison for each exam and grader.

    Print too where to look further: at the tracked run `run`, or at the last arm. `looks` are the trainings of an arm at each
    look, if arms are trained until they are decided.
    """
    exams, comparisons, origin = by_exam(studies, looks), [], _origin()
    for exam in exams:
        agreements = _agreements(exam.study, exam.tracked, exam.named)
        comparisons.append(replace(exam.compared(command, looks, agreements), origin=origin))
        show(comparisons[-1])
    if (asked := _collector.get()) is not None:
        asked.extend(comparisons)
    last = [tracked.row.id for exam in exams for tracked in exam.tracked if tracked.row.id]
    for file in dict.fromkeys(filter(None, (exam_file(exam.study) for exam in exams))):
        print(f"Exam:      {file}")
    print(studies[0].tracker.place(run or "".join(last[-1:])))
    return comparisons


def track_report(parent: Run, comparisons: Sequence[Comparison], folder: Path) -> None:
    """Write the reports of a sweep, and track them."""
    for comparison, (suffix, files) in zip(comparisons, write_reports(comparisons, folder), strict=True):
        for file in files:
            parent.file(file)
        parent.table(f"comparison{suffix}", records(comparison))
        parent.table(f"pairs{suffix}", paired(comparison))
        advice = (f"{part.sentence}\n" + "".join(f"- {reason}\n" for reason in part.because) for part in comparison.advice)
        written = [f"The exam was {comparison.written}.\n"] if comparison.written else []
        parent.text(f"recommendation{suffix}.md", "\n".join([*advice, *written]))
        parent.log({f"{name}{suffix}": number for name, number in summary(comparison).items()}, {})
        if comparison.star:
            parent.tag(f"runner.best{suffix}", comparison.star)
    sentences = [advice.sentence for comparison in comparisons for advice in comparison.advice]
    # An arm that an earlier sweep made is shown below that one.
    runs = {arm.name: arm.run for comparison in comparisons for arm in comparison.arms if arm.run}
    parent.describe("\n\n".join(sentences), runs)


def write_reports(comparisons: Sequence[Comparison], folder: Path) -> list[tuple[str, list[Path]]]:
    """Write the reports with their figures.

    Return the files of each comparison, and the number that their names end in if there are several.
    """
    # Imported here, since it takes a second and only a report needs it.
    from runner.comparison.figures import write
    from runner.comparison.page import page

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number, comparison in enumerate(comparisons, start=1):
        suffix = f"-{number}" if len(comparisons) > 1 else ""
        report = folder / f"report{suffix}.html"
        report.write_text(page(comparison), encoding="utf-8")
        print(f"Report:    {report.resolve()}")
        written.append((suffix, [report, *write(comparison, folder / f"figures{suffix}")]))
    return written


def failures(comparisons: Sequence[Comparison], errors: Sequence[str] = ()) -> str:
    """Return the reasons to end with an error, if any."""
    every = [arm for comparison in comparisons for arm in comparison.arms]
    unfinished = [arm.name for arm in every if arm.status != "FINISHED"]
    below_floor = [arm.name for arm in every if arm.retention and not arm.retention.passed]
    lines = []
    if unfinished:
        lines.append(f"did not finish: {', '.join(unfinished)}. The same command goes on from what is kept")
    # An arm that failed has its reason in its run and in the log. One that did not begin has no run, nor has a job that failed
    # after its arms were finished.
    if not unfinished or any(arm.status == "NOT BEGUN" for arm in every):
        lines += dict.fromkeys(filter(None, errors))
    if below_floor:
        lines.append(f"failed the gate of retention.floor: {', '.join(below_floor)}")
    return "\n".join(lines)


def _origin() -> list[str]:
    """Say when and by which version it was made."""
    now = datetime.now().astimezone()
    package = f"experiment-runner {RELEASE}{f' ({commit()})' if commit() else ''}"
    project = commit_of(Path.cwd())
    return [f"{now:%Y-%m-%d %H:%M %Z}", package, *([f"project at commit {project}"] if project else [])]


def _agreements(study: Study, tracked: Sequence[Tracked], named: Sequence[ArmName]) -> list[Agreement]:
    """Measure a judge's agreement with people and with `match`."""
    # A grader that asks nobody, such as match, is not a judge to be checked.
    if not study.grader.asks:
        return []
    # Imported here, since it loads the rules of `match`, and most commands compare nothing.
    from runner.grader.agreement import agreement, with_people
    from runner.pipeline.reviewing import grades

    name, judge = study.choices["grader"], cached(study, study.judge)
    texts = {arm.arm: {(row["id"], row["answer"]) for row in result.answers} for arm, result in zip(named, tracked, strict=True)}
    agreements = []
    try:
        if people := with_people(name, study.grader, judge, grades(study), texts):
            agreements.append(people)
    # People's answers are not kept as a stage, so the judge may be asked here, and fail. The arms are graded by now, and are
    # compared all the same.
    except Fault as fault:
        log.warning("the judge's agreement with people is not known: %s", fault)
    # Of a grader that asks sometimes, the other verdicts are those of `match`, so their agreement would say nothing.
    verdicts = [] if isinstance(study.grader, AsksSometimes) else [_verdicts(row) for arm in tracked for row in arm.answers]
    if known := [verdict for verdict in verdicts if verdict.second is not None]:
        agreements.append(agreement(f"{name} and match", known, texts))
    return agreements


def _verdicts(row: Mapping[str, Any]) -> "TwoVerdicts":
    """Return the verdicts of the judge and of `match`."""
    from runner.grader.agreement import TwoVerdicts

    # A row of an earlier version of the program has no verdict of `match`.
    by_match = VERDICTS[row.get("match_grade", "ungraded")]
    return TwoVerdicts(row["id"], row["fact"] or row["id"], row["answer"], VERDICTS[row["grade"]], by_match)
