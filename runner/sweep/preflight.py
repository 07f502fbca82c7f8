"""Composed points in, checked studies or a forecast out."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from hydra.types import RunMode
from omegaconf import DictConfig

from runner.config.study import TUNED, Study
from runner.data.local_folder import local_folder
from runner.data.place import can_be_made
from runner.errors import Fault, InvalidInput
from runner.pipeline.checks import check, check_asked
from runner.pipeline.exam_file import check_exam_folder
from runner.pipeline.export import check_export
from runner.pipeline.label_files import check_label_files, folder_of
from runner.pipeline.parameters import tags
from runner.pipeline.recording import check_recording
from runner.sweep.arm_names import arm_names
from runner.sweep.grid import built
from runner.sweep.looks import looks_of
from runner.sweep.plan import arms

FORECASTS = ("preview", "power")  # settings that print a forecast instead of a run


def preview(studies: Sequence[Study], fewest: Sequence[Study] = ()) -> None:
    """Print the requests, costs and time of these studies.

    `fewest` are the same studies with the fewest trainings that seeds=auto may end with.
    """
    from runner.preview.table import show

    labels_only = any(study.settings.labels_only for study in studies)
    show(studies, {} if labels_only else {key: name.arm for key, name in arm_names(studies).items()}, fewest)


def power(studies: Sequence[Study], looks: Sequence[int] = ()) -> None:
    """Print the differences that these studies can show.

    `looks` are the trainings of an arm at each look of seeds=auto. Raise InvalidInput if a supposition is swept.
    """
    from runner.preview.planned_exam import PlannedExam
    from runner.preview.power import show

    # None of them makes another arm, so of several values all but one would be passed over.
    for name in ("suppose", "error", "margin"):
        if len({str(study.settings.model_dump()[name]) for study in studies}) > 1:
            raise InvalidInput(f"power=true: several values of {name} are swept, and a table is for one. Give a command for each")
    if any(study.settings.labels_only for study in studies):
        raise InvalidInput("power=true: task=label takes no exam. Choose task=study")
    named, exams = arm_names(studies), dict[tuple[str, ...], list[tuple[Study, str, str]]]()
    for place, (study, arm) in arms(studies).items():
        # Accuracies on different exams, or by different graders, can't be compared.
        found_by = tags(study, arm)
        exam = study.corpus.name, found_by["runner.exam"], found_by["runner.grading"]
        exams.setdefault(exam, []).append((study, arm, named[place].arm))
    for listed in exams.values():
        tuned = [name for _, arm, name in listed if arm == TUNED]
        trainings = min(study.settings.trainings for study, arm, _ in listed if arm == TUNED)
        show(PlannedExam(listed[0][0], tuned, [name for _, arm, name in listed if arm != TUNED], trainings, looks))


def forecast(configs: Sequence[DictConfig]) -> bool:
    """Print the forecasts that these points ask for, if any.

    One point with preview=true or power=true is enough: nothing shall be paid for then.
    """
    previewed, powered = (any(point.get(name) is True for point in configs) for name in FORECASTS)
    if previewed or powered:
        studies, looks = checked(configs, usable=False), looks_of(configs)
        # With seeds=auto, those with the most trainings. A preview sums up the fewest too.
        most = [built(config, config.hydra, looks[-1]) for config in configs] if looks else studies
        if powered:
            power(most, looks)
        if previewed:
            preview(most, studies if looks else ())
    return previewed or powered


def checked(configs: Sequence[DictConfig], usable: bool = True, hydra: Any = None) -> list[Study]:
    """Build a study for each point, or raise all faults.

    Without `usable`, tracking store and models are not tried: a preview needs neither. Within a job the config has no part
    `hydra`, so the job's own is given as `hydra`.
    """
    studies, faults = [], dict[str, None]()
    for config in configs:
        own = hydra or config.hydra
        try:
            study = built(config, own)
            studies.append(study)
            several = own.mode is RunMode.MULTIRUN
            if study.settings.export:
                _check_export(study, Path(study.settings.export).expanduser(), several)
            check_exam_folder(study)
            if folder := folder_of(study, several):
                check_label_files(study, folder)
            _ = study.material  # read, so that what is wrong with the corpus is told
            check_asked(study)
            if usable:
                check_models(study)
        except Fault as fault:  # most faults are those of every point, so each line is kept once
            faults.update(dict.fromkeys(str(fault).splitlines()))
    if len({study.settings.task for study in studies}) > 1:
        faults["task: found several values. Expected one for all runs of the sweep"] = None
    # Places come last, since the check makes them: a command that is refused leaves nothing behind.
    places = set[tuple[str, ...]]()
    for study in studies if usable and not faults else ():
        try:
            check_place(study, places)
        except Fault as fault:
            faults.update(dict.fromkeys(str(fault).splitlines()))
    if faults:
        raise InvalidInput("\n".join(faults))
    return studies


def check_models(study: Study) -> None:
    """Raise the Fault of an unfinished study's check."""
    try:
        check(study)
    except Fault:
        # A finished study asks nobody, so it needs no key and no host. If the tracker fails too, the fault of the model is told.
        with suppress(Fault):
            if study.finished():
                return
        raise


def _check_export(study: Study, folder: Path, several: bool) -> None:
    if study.settings.labels_only:
        raise Fault(f"export={folder}: task=label trains no model. Remove it, or choose task=study")
    if several:
        raise Fault(
            f"export={folder}: a sweep makes several models. Run the one that you want without -m and with export: what is "
            "finished is not done again"
        )
    check_export(study, folder)


def check_place(study: Study, checked_places: set[tuple[str, ...]]) -> None:
    """Raise a Fault if a place can't be written."""
    # The places are store, tracker and recording. Each is tried once: a sweep has many points, and a server may be slow.
    record = study.settings.record if study.method.asks or study.exam.asks else None
    place = (study.corpus.name, study.settings.store, record or "")
    if place not in checked_places:
        # Each makes what is missing. So a store that can't be made is told before a tracking file is made, and the other way.
        if not can_be_made(local_folder(study.settings.store)):
            study.store.check()
        study.tracker.check(study.corpus.name)
        study.store.check()
        check_recording(study)
        # Only now, so that no point goes on to read a place that can't be written.
        checked_places.add(place)
