"""Composed points in, built and checked studies out."""

from collections.abc import Sequence

from omegaconf import DictConfig

from runner.config.study import Study
from runner.errors import Fault, InvalidInput
from runner.pipeline.checks import check
from runner.pipeline.recording import check_recording
from runner.sweep.arm_names import arm_names
from runner.sweep.grid import built


def preview(studies: Sequence[Study]) -> None:
    """Print the requests, costs and time of these studies."""
    from runner.preview.table import show

    show(studies, {key: name.arm for key, name in arm_names(studies).items()})


def checked(configs: Sequence[DictConfig], usable: bool = True) -> list[Study]:
    """Build a study for each point, or raise all faults.

    Without `usable`, tracking store and models are not tried: a preview needs neither.
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
        except Fault as fault:  # most faults are those of every point, so each line is kept once
            faults.update(dict.fromkeys(str(fault).splitlines()))
    if faults:
        raise InvalidInput("\n".join(faults))
    return studies


def check_place(study: Study, checked_places: set[tuple[str, ...]]) -> None:
    """Raise a Fault if a place can't be written."""
    # The places are store, tracker and recording. Each is tried once: a sweep has many points, and a server may be slow.
    record = study.settings.record if study.method.asks else None
    place = (study.corpus.name, study.settings.store, record or "")
    if place not in checked_places:
        study.store.check()
        study.tracker.check(study.corpus.name)
        check_recording(study)
        # Only now, so that no point goes on to read a place that can't be written.
        checked_places.add(place)
