"""Composed points to built studies, checked before anything is paid for."""

from collections.abc import Sequence

from omegaconf import DictConfig

from runner.comparison.arms import names
from runner.config.study import Study
from runner.errors import Fault, InvalidInput
from runner.pipeline.checks import check
from runner.pipeline.recording import check_recording
from runner.sweep.grid import built
from runner.sweep.plan import arms
from runner.sweep.report import not_begun


def preview(studies: Sequence[Study]) -> None:
    """Print what these studies would ask, pay and take."""
    from runner.preview.table import show

    rows = [not_begun(study, name) for study, name in arms(studies).values()]
    show(studies, [name.arm for name in names(rows)])


def checked(configs: Sequence[DictConfig], usable: bool = True) -> list[Study]:
    """Build a study for each point, or raise all that is wrong with any of them, each thing once.

    Without `usable` it is not tried whether the tracking store can be written and the models can answer.
    """
    studies, faults, places = [], dict[str, None](), set[tuple[str, ...]]()
    for config in configs:
        try:
            if config.export:
                raise Fault(
                    f"export={config.export}: a sweep makes several models. Run the one that you want without -m and with "
                    "export: what is finished is not done again"
                )
            study = built(config, config.hydra)
            studies.append(study)
            if usable:
                check_place(study, places)
                if not study.finished():
                    check(study)
        except Fault as fault:
            faults.update(dict.fromkeys(str(fault).splitlines()))
    if faults:
        raise InvalidInput("\n".join(faults))
    return studies


def check_place(study: Study, checked_places: set[tuple[str, ...]]) -> None:
    """Raise a Fault if store, tracking store or recording can't be written; each is tried once."""
    record = study.settings.record if study.method.asks else None
    place = (study.corpus.name, study.settings.store, record or "")
    if place not in checked_places:
        study.store.check()
        study.tracker.check(study.corpus.name)
        check_recording(study)
        # Only now: of a place that can't be written, every point shall say so, and none go on to read it.
        checked_places.add(place)
