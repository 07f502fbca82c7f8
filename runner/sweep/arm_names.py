"""Studies in, the names of their arms out."""

from collections.abc import Sequence
from dataclasses import replace

from runner.comparison.names import ArmName, names
from runner.config.study import Study
from runner.pipeline.parameters import parameters, tags
from runner.sweep.plan import arms
from runner.tracker import TrackedRun


def arm_names(studies: Sequence[Study], looks: Sequence[int] = ()) -> dict[tuple[str, str], ArmName]:
    """Name the arms of studies by what varies.

    The names have the keys of `arms`. Tables, figures, previews and log lines of a sweep all use them. With `looks`, arms are
    trained until they are decided, and their names do not change with the number of trainings.
    """
    listed = arms(studies)
    rows = [not_begun(study, name) for study, name in listed.values()]
    if looks:
        rows = [replace(row, parameters={**row.parameters, "seeds": ""}) for row in rows]
    return dict(zip(listed, names(rows), strict=True))


def not_begun(study: Study, name: str) -> TrackedRun:
    """Describe an arm that ended before it was tracked."""
    # As a tracked run, so that a comparison lists it with the others and not in silence leaves it out.
    return in_sweep(TrackedRun("", study.title(name), "NOT BEGUN", {}, {}, {}), study, name)


def in_sweep(row: TrackedRun, study: Study, name: str) -> TrackedRun:
    """Give an arm's run the settings of this sweep."""
    # An arm that is found again was tracked by another command, which may have left a setting at its default that this sweep
    # varies.
    settings = {**row.parameters, **parameters(study, name)}
    return replace(row, tags={**row.tags, **tags(study, name)}, parameters=settings)
