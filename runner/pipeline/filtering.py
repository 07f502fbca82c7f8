"""Labels in, those that the study's filters keep out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from runner.config.contracts import returned
from runner.config.study import Study
from runner.data.records import Label, Labelling, Ledger
from runner.data.reviews import label_item
from runner.filter import Filter, Filtered, ReadsPurpose


def filtered(study: Study, labelling: Labelling) -> Labelling:
    """Apply the filters of a study, one after the other.

    A ledger for each says how many labels it dropped, and why. The dropped ones are kept with the labelling, to be looked at.
    """
    for name, rule in study.filter.items():
        result = _with_reviewed(study, labelling.labels, _applied(study, rule, labelling.labels))
        labelling = without_dropped(labelling, f"filter={name}", name, result.labels, result.dropped)
        if not labelling.labels:
            break
    return labelling


def without_dropped(labelling: Labelling, stage: str, name: str, labels: Sequence[Label], dropped: Sequence[Label]) -> Labelling:
    """Keep some labels of a labelling; account for the others.

    `stage` names the ledger. Each dropped label has its reason, and gets `name` as that which dropped it.
    """
    reasons = Counter(str(label.extra.get("reason", "dropped")) for label in dropped)
    ledger = Ledger(stage=stage, requested=len(labelling.labels), kept=len(labels), filtered=dict(reasons))
    named = (replace(label, extra={"filter": name, **label.extra}) for label in dropped)
    return replace(labelling, labels=tuple(labels), ledgers=(*labelling.ledgers, ledger), dropped=(*labelling.dropped, *named))


def _applied(study: Study, rule: Filter, labels: Sequence[Label]) -> Filtered:
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
    back = {_identity(label) for label in result.dropped if label_item(label).id in accepted}
    if not back:
        return result
    # Each as it was before the filter, and at its former place. A label that a filter changed has none.
    places = {_identity(label): place for place, label in enumerate(labels)}
    kept = [*result.labels, *(labels[places[identity]] for identity in back)]
    return Filtered(
        labels=tuple(sorted(kept, key=lambda label: places.get(_identity(label), len(places)))),
        dropped=tuple(label for label in result.dropped if _identity(label) not in back),
    )


def _identity(label: Label) -> tuple[str, float]:
    return label_item(label).id, label.position


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
    return f"{last}: it drops all {len(dropped)} labels. The first: {_words(dropped[0])}. {advice}"


def _words(dropped: Label) -> str:
    detail = f" ({dropped.extra['detail']})" if dropped.extra.get("detail") else ""
    return f"{dropped.question or dropped.answer!r:.80}: {dropped.extra.get('reason', 'dropped')}{detail}"
