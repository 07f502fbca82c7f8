"""A study in, work that a sweep's runs share done."""

from collections.abc import Sequence

from runner.config.study import Study
from runner.pipeline.answer import examine_general, untuned
from runner.pipeline.executor import Executor
from runner.pipeline.experiment import baseline
from runner.pipeline.grader_floor import check_grader
from runner.pipeline.labels import label


def shared_work(study: Study, executor: Executor, names: Sequence[str], labels: bool, general: bool) -> None:
    """Do the work that several runs of a sweep share.

    `names` are those of baselines.
    """
    check_grader(study, executor)
    if labels:
        label(study, executor)
    for name in names:
        baseline(study, executor, name)
    if general:
        examine_general(study, executor, untuned(study))
