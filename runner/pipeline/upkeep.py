"""An earlier checkpoint in, what is trained next out."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from runner.config.earlier import FILE, TAUGHT
from runner.config.study import Study
from runner.data.records import Label, Labelling, Ledger, Subset, digest, read, write
from runner.data.stratify import spread
from runner.data.taught import Taught, section_digests
from runner.data.text import normal
from runner.errors import Fault
from runner.exam_checks.near_duplicates import asked
from runner.pipeline.answer import untuned
from runner.pipeline.examined import examined
from runner.pipeline.executor import Executor, ModelAccess, Stage
from runner.pipeline.results import Checkpoint, Output
from runner.tuner import PaidTuner
from runner.tuner.lora import Lora

log = logging.getLogger("runner")


def check_start(study: Study) -> None:
    """Raise a Fault if a training can't begin with `start`.

    Log what became of the documents since.
    """
    if not (former := study.earlier):
        return
    start = f"start={study.settings.start}"
    if isinstance(study.tuner, PaidTuner):
        raise Fault(
            f"{start}: tuner={study.choices['tuner']} tunes at a host, which does not train a tuned model further yet. Choose "
            "tuner=lora"
        )
    # What is saved of an adapter is the adapter alone, and later it would be loaded beside the untuned weights.
    if isinstance(study.tuner, Lora) and not (former.folder / "adapter_config.json").is_file():
        raise Fault(
            f"{start}: its weights are whole ones, not an adapter, and tuner=lora would keep a new adapter without them. Choose "
            "tuner=full"
        )
    left = former.to_label
    if not (left.sections or (left.labels and not study.method.asks)):
        raise Fault(
            f"{start}: nothing is left to label. Since that training: {former.changes}. Expected documents with changed or new "
            "sections (corpus.path=...)"
        )
    again = len(replayed(study))
    words = "%s: %s. Changed and new ones are labelled; %d of %d earlier labels are trained again"
    log.info(words, start, former.changes, again, len(former.taught.labels))


def beginning(study: Study) -> Output[Checkpoint]:
    """Return the checkpoint that a training begins with."""
    if not (former := study.earlier):
        return untuned(study)
    return Output(value=Checkpoint(model=former.model, trainings=former.taught.trainings), key=former.taught.trainings[-1])


def replayed(study: Study) -> tuple[Label, ...]:
    """Draw the earlier labels that are trained again."""
    return share_again(_not_in_exam(study), study.settings.upkeep.replay, study.settings.subset_seed)


def share_again(labels: Sequence[Label], share: float, *seed: int) -> tuple[Label, ...]:
    """Draw a share of labels to train again."""
    # By a hash, so that a larger share holds a smaller one.
    order = sorted(labels, key=lambda label: digest([*seed, label.question, label.answer]))
    return tuple(spread(order)[: round(share * len(labels))])


def _not_in_exam(study: Study) -> list[Label]:
    """Return earlier labels that are true and not examined."""
    exam = examined(study)
    return [label for label in study.earlier.labels if normal(asked(label)) not in exam] if study.earlier else []


def with_replayed(study: Study, subset: Subset) -> Subset:
    """Add the earlier labels that are trained again."""
    return replace(subset, labels=(*subset.labels, *replayed(study)))


def accounted(study: Study, labelling: Labelling) -> Labelling:
    """Add a ledger of the earlier labels."""
    if not (former := study.earlier):
        return labelling
    every, still, safe, again = map(len, (former.taught.labels, former.labels, _not_in_exam(study), replayed(study)))
    reasons = {
        "of a changed or withdrawn section": every - still,
        "asked in the exam": still - safe,
        "not drawn (upkeep.replay)": safe - again,
    }
    ledger = Ledger(stage="earlier labels", requested=every, kept=again, filtered=reasons)
    return replace(labelling, ledgers=(*labelling.ledgers, ledger))


def all_taught(study: Study, subset: Subset) -> tuple[Label, ...]:
    """Return the labels of a training and of earlier ones."""
    again = {(label.question, label.answer) for label in subset.labels}
    before = study.earlier.labels if study.earlier else ()
    return (*subset.labels, *(label for label in before if (label.question, label.answer) not in again))


def remember(study: Study, executor: Executor, checkpoint: Output[Checkpoint], subset: Output[Subset]) -> None:
    """Keep what a checkpoint was taught, for later ones."""
    taught_now = replace(subset.value, labels=(*subset.value.labels, *checkpoint.value.labels))
    trainings, labels = checkpoint.value.trainings, all_taught(study, taught_now)
    taught = Taught(trainings=trainings, sections=section_digests(study.material.sections), labels=labels)

    def make(folder: Path, access: ModelAccess) -> None:
        write(folder / FILE, [taught])

    stage = Stage(
        name=TAUGHT,
        # Not the sections: two editions that teach the same labels give one checkpoint.
        inputs=[checkpoint.value.key],
        make=make,
        read=lambda folder: read(folder / FILE, Taught)[0],
        stand_in=lambda: taught,
        after=[checkpoint, subset],
    )
    executor.do(stage)
