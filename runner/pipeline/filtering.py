"""Labels in, those that the study's filters keep out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from runner.component import identity
from runner.config.contracts import returned
from runner.config.study import Study
from runner.data.records import Label, Labelling, Ledger, read, write
from runner.data.reviews import label_item
from runner.filter import Filter, Filtered, ReadsPurpose, SlowFilter
from runner.pipeline.doubtful_labels import judged, label_identity, put_back
from runner.pipeline.executor import Executor, ModelAccess, Stage
from runner.pipeline.results import Output, with_before


def filtered(study: Study, executor: Executor, labelling: Output[Labelling]) -> Output[Labelling]:
    """Apply the filters of a study, one after the other.

    A ledger for each says how many labels it dropped, and why. The dropped ones are kept with the labelling, to be looked at.
    What a judge is paid is added to the costs of the labels.
    """
    for name, rule in study.filter.items():
        labels = labelling.value.labels
        by_rule = _applied(study, executor, rule, labelling)
        reviewed = replace(by_rule, value=_with_reviewed(study, labels, by_rule.value))
        result = judged(study, executor, name, labels, reviewed)
        value = without_dropped(labelling.value, f"filter={name}", name, result.value.labels, result.value.dropped)
        labelling = with_before(replace(labelling, value=value), result)
        if not value.labels:
            break
    return labelling


def without_dropped(labelling: Labelling, stage: str, name: str, labels: Sequence[Label], dropped: Sequence[Label]) -> Labelling:
    """Keep some labels of a labelling; account for the others.

    `stage` names the ledger. Each dropped label has its reason, and gets `name` as that which dropped it.
    """
    reasons = Counter(str(label.extra.get("reason", "dropped")) for label in dropped)
    ledger = Ledger(stage=stage, requested=len(labelling.labels), kept=len(labels), filtered=dict(reasons))
    named = (replace(label, extra={**label.extra, "filter": name}) for label in dropped)
    return replace(labelling, labels=tuple(labels), ledgers=(*labelling.ledgers, ledger), dropped=(*labelling.dropped, *named))


def _applied(study: Study, executor: Executor, rule: Filter, labelling: Output[Labelling]) -> Output[Filtered]:
    """Apply the rule of a filter; a slow one is a stage that is kept."""
    labels, material = labelling.value.labels, study.material
    if labelling.guess:
        # The texts of guessed labels say nothing, and a rule might drop them all.
        return Output(value=Filtered(labels=labels), guess=labelling.guess)
    if not (isinstance(rule, SlowFilter) and rule.slow):
        return Output(value=_by_rule(study, rule, labels))

    def make(folder: Path, access: ModelAccess) -> None:
        write(folder / "filtered.jsonl", [_by_rule(study, rule, labels)])

    purpose = [material.purpose] if isinstance(rule, ReadsPurpose) else []
    stage = Stage(
        name="filtered",
        inputs=[identity(rule), labels, material.sections, *purpose],
        make=make,
        read=lambda folder: read(folder / "filtered.jsonl", Filtered)[0],
        after=[labelling],
    )
    return executor.do(stage)


def _by_rule(study: Study, rule: Filter, labels: Sequence[Label]) -> Filtered:
    material = study.material
    if isinstance(rule, ReadsPurpose):
        method, result = "apply_for", rule.apply_for(material.purpose, labels, material.sections)
    else:
        method, result = "apply", rule.apply(labels, material.sections)
    checked: Filtered = returned(rule, method, result, Filtered)
    return checked


def _with_reviewed(study: Study, labels: Sequence[Label], result: Filtered) -> Filtered:
    """Put back the labels that a person accepted or edited."""
    accepted = {item for item, standing in study.label_reviews.items() if standing.verdict == "accept"}
    accepted |= {standing.after.id for standing in study.label_reviews.values() if standing.after}
    return put_back(labels, result, {label_identity(label) for label in result.dropped if label_item(label).id in accepted})


def all_dropped(labelling: Labelling) -> str:
    """Say that a filter, or reviews, dropped all labels.

    Return "" if some are left, or if something else took the last ones.
    """
    last = next((ledger.stage for ledger in reversed(labelling.ledgers) if ledger.requested and not ledger.kept), "")
    dropped = [label for label in labelling.dropped if last in (label.extra["filter"], f"filter={label.extra['filter']}")]
    if labelling.labels or not dropped:
        return ""
    advice = "Look at these reviews with runner-review"
    if last.startswith("filter="):
        advice = "Change its settings, or leave it out"
    return f"{last}: it drops all {len(dropped)} labels. The first: {dropped_words(dropped[0])}. {advice}"


def dropped_words(dropped: Label) -> str:
    """Write a dropped label's question, with why it was dropped."""
    detail = f" ({dropped.extra['detail']})" if dropped.extra.get("detail") else ""
    return f"{dropped.question or dropped.answer!r:.80}: {dropped.extra.get('reason', 'dropped')}{detail}"
