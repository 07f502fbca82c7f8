"""An earlier checkpoint in, what is trained next out."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from runner.config.earlier import FILE, TAUGHT
from runner.config.study import Study
from runner.data.records import Label, Labelling, Ledger, Subset, digest, read, write
from runner.data.stratify import spread
from runner.data.taught import Taught, section_digests
from runner.errors import Fault
from runner.pipeline.answer import untuned
from runner.pipeline.context import without_long_labels
from runner.pipeline.examined import without_leaks
from runner.pipeline.executor import Executor, ModelAccess, Stage
from runner.pipeline.filtering import filtered
from runner.pipeline.results import Checkpoint, Output, with_before
from runner.pipeline.reviewing import as_people_left
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
    again, most = len(drawn_again(study).labels), "at most " if study.filter else ""
    words = "%s: %s. Changed and new ones are labelled; %s%d of %d earlier labels are trained again"
    log.info(words, start, former.changes, most, again, len(former.taught.labels))


def beginning(study: Study) -> Output[Checkpoint]:
    """Return the checkpoint that a training begins with."""
    if not (former := study.earlier):
        return untuned(study)
    return Output(value=Checkpoint(model=former.model, trainings=former.taught.trainings), key=former.taught.trainings[-1])


def drawn_again(study: Study) -> Labelling:
    """Draw the earlier labels that are trained again.

    They are as people left them, and ledgers account for the others. Filters are applied later, since some ask a judge.
    """
    if not (former := study.earlier):
        return Labelling(labels=())
    # Not logged: this is done at each check too.
    left = as_people_left(study, Labelling(labels=former.labels), logged=False)
    safe = without_leaks(study, _once(left, former.labels))
    # The words of an edit are not learned yet, so they are all trained; a share of the others is trained again.
    known = {_words(label) for label in former.taught.labels}
    learned = [label for label in safe.labels if _words(label) in known]
    new = [label for label in safe.labels if _words(label) not in known]
    labels = (*share_again(learned, study.settings.upkeep.replay, study.settings.subset_seed), *new)
    # Named after the reviews, which are of the labels as they were.
    return _with_ledger(safe, former.named_today(labels), "not drawn (upkeep.replay)")


def share_again(labels: Sequence[Label], share: float, *seed: int) -> tuple[Label, ...]:
    """Draw a share of labels to train again."""
    # By a hash, so that a larger share holds a smaller one.
    order = sorted(labels, key=lambda label: digest([*seed, label.question, label.answer]))
    return tuple(spread(order)[: round(share * len(labels))])


def _once(labelling: Labelling, before: Sequence[Label]) -> Labelling:
    """Leave out edited labels that say what another one says."""
    as_before, kept = {*before}, list[Label]()
    taken = {_words(label) for label in labelling.labels if label in as_before}
    for label in labelling.labels:
        if label in as_before or _words(label) not in taken:
            kept.append(label)
            taken.add(_words(label))
    return _with_ledger(labelling, tuple(kept), "edited to another label's words")


def _with_ledger(labelling: Labelling, labels: tuple[Label, ...], reason: str) -> Labelling:
    """Keep some labels; account for the others by one reason."""
    every = len(labelling.labels)
    ledger = Ledger(stage="earlier labels", requested=every, kept=len(labels), filtered={reason: every - len(labels)})
    return replace(labelling, labels=labels, ledgers=(*labelling.ledgers, ledger))


def _words(label: Label) -> tuple[str, str]:
    return label.question, label.answer


def with_earlier(study: Study, executor: Executor, labelling: Output[Labelling]) -> Output[Labelling]:
    """Add the earlier labels that are trained again.

    The study's reviews and filters hold for them too. A ledger accounts for those that are left out.
    """
    if not (former := study.earlier):
        return labelling
    again = Output(value=drawn_again(study))
    if again.value.labels:
        again = filtered(study, executor, again)
    value = again.value if study.settings.labels_only else without_long_labels(study, again.value)
    every, reasons = len(former.taught.labels), Counter[str]()
    reasons["of a changed or withdrawn section"] = every - len(former.labels)
    for ledger in value.ledgers:
        for reason, count in ledger.filtered.items():
            # Which review or filter it was.
            reasons[f"{reason} ({ledger.stage})" if "=" in ledger.stage else reason] += count
    ledger = Ledger(stage="earlier labels", requested=every, kept=len(value.labels), filtered=dict(reasons))
    with_them = replace(
        labelling.value,
        earlier=value.labels,
        ledgers=(*labelling.value.ledgers, ledger),
        dropped=(*labelling.value.dropped, *value.dropped),
    )
    return with_before(replace(labelling, value=with_them), again)


def all_taught(study: Study, subset: Subset) -> tuple[Label, ...]:
    """Return the labels of a training and of earlier ones."""
    again = {_words(label) for label in subset.labels}
    before = study.earlier.named_today(study.earlier.labels) if study.earlier else ()
    return (*subset.labels, *(label for label in before if _words(label) not in again))


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
