"""Labels in, the subset to train on out."""

from dataclasses import replace

from runner.config.contracts import returned
from runner.config.study import Study
from runner.data.ledger_words import in_words
from runner.data.records import Labelling, Subset
from runner.errors import Fault
from runner.model import is_paid
from runner.pipeline.results import Output


def draw(study: Study, labelling: Output[Labelling]) -> Output[Subset]:
    """Draw the subset of the size.

    Raise a Fault with the ledgers if no label is left.
    """
    # No stage of the store: drawing is quick and needs no model.
    subset = returned(study.size, "draw", study.size.draw(labelling.value, study.settings.subset_seed), Subset)
    # A forecast may guess that there are no labels, which is no reason to stop.
    if not subset.labels and not labelling.guess:
        kept = f"\n{_kept_replies(study)}" if study.method.asks and is_paid(study.teacher) else ""
        ledgers = "\n".join(map(in_words, labelling.value.ledgers))
        raise Fault(f"no label is left to train on. {subset.shortage}\n{ledgers}{kept}")
    return Output(value=replace(subset, labels=(*subset.labels, *labelling.value.earlier)), guess=labelling.guess)


def _kept_replies(study: Study) -> str:
    return (
        f"The replies of {study.teacher.name} are kept, and the same command takes them again. If it answers better now, ask it "
        f"again with generation_seed={study.settings.generation_seed + 1}"
    )
