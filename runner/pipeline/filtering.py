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
    labels, ledgers, dropped = labelling.labels, list(labelling.ledgers), list(labelling.dropped)
    for name, rule in study.filter.items():
        result = _without_reviewed(study, labels, _applied(study, rule, labels))
        reasons = Counter(str(label.extra.get("reason", "dropped")) for label in result.dropped)
        ledgers.append(Ledger(stage=f"filter={name}", requested=len(labels), kept=len(result.labels), filtered=dict(reasons)))
        dropped += [replace(label, extra={"filter": name, **label.extra}) for label in result.dropped]
        labels = result.labels
        if not labels:
            break
    return replace(labelling, labels=labels, ledgers=tuple(ledgers), dropped=tuple(dropped))


def _applied(study: Study, rule: Filter, labels: Sequence[Label]) -> Filtered:
    material = study.material
    if isinstance(rule, ReadsPurpose):
        method, result = "apply_for", rule.apply_for(material.purpose, labels, material.sections)
    else:
        method, result = "apply", rule.apply(labels, material.sections)
    checked: Filtered = returned(rule, method, result, Filtered)
    return checked


def _without_reviewed(study: Study, labels: Sequence[Label], result: Filtered) -> Filtered:
    """Put back the labels that a person accepted or edited."""
    accepted = {item for item, standing in study.label_reviews.items() if standing.verdict == "accept"}
    accepted |= {standing.after.id for standing in study.label_reviews.values() if standing.after}
    back = [label for label in result.dropped if label_item(label).id in accepted]
    if not back:
        return result
    # Each at its former place.
    places = {(label_item(label).id, label.position): place for place, label in enumerate(labels)}
    ours = [labels[places[label_item(label).id, label.position]] for label in back]
    kept = sorted((*result.labels, *ours), key=lambda label: places[label_item(label).id, label.position])
    return Filtered(labels=tuple(kept), dropped=tuple(label for label in result.dropped if label not in back))


def all_dropped(labelling: Labelling) -> str:
    """Say that a filter dropped all labels; "" if some are left."""
    if labelling.labels or not labelling.dropped:
        return ""
    name = labelling.dropped[-1].extra["filter"]
    dropped = [label for label in labelling.dropped if label.extra["filter"] == name]
    count, first = len(dropped), _words(dropped[0])
    return f"filter={name}: it drops all {count} labels. The first: {first}. Change its settings, or leave it out"


def _words(dropped: Label) -> str:
    detail = f" ({dropped.extra['detail']})" if dropped.extra.get("detail") else ""
    return f"{dropped.question or dropped.answer!r:.80}: {dropped.extra.get('reason', 'dropped')}{detail}"
