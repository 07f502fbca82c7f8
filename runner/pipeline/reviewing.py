"""Labels and reviews in, labels as people left them out."""

import logging
from collections.abc import Mapping

from runner.config.contracts import returned
from runner.config.reviews import edits, graded
from runner.config.study import Study
from runner.data.preferences import HumanPreference
from runner.data.records import HumanGrade, Labelling
from runner.data.reviews import Standing, label_item
from runner.errors import Fault
from runner.pipeline.filtering import without_dropped
from runner.review import Reviewed

log = logging.getLogger("runner")


def reviewed(study: Study, labelling: Labelling) -> Labelling:
    """Apply the study's use of reviews.

    A ledger says how many labels were dropped, and why. Raise a Fault if none is left.
    """
    left = as_people_left(study, labelling)
    if labelling.labels and not left.labels:
        raise Fault(_none_left(study, labelling, left))
    return left


def as_people_left(study: Study, labelling: Labelling, *, logged: bool = True) -> Labelling:
    """Apply a study's reviews, even if no label is left."""
    if not study.review.applies:
        return labelling
    labels, name = labelling.labels, _name(study)
    result: Reviewed = returned(study.review, "apply", study.review.apply(labels, study.label_reviews), Reviewed)
    if logged:
        known = _known(study.label_reviews, labelling)
        log.info("%s: labels edited: %d, disputed: %d. %s", name, result.edited, result.disputed, known)
    return without_dropped(labelling, name, name, result.labels, result.dropped)


def preferences(study: Study) -> tuple[HumanPreference, ...]:
    """Return the corpus's preferences and people's edits of labels."""
    return (*study.source.preferences, *edits(study.label_reviews))


def grades(study: Study) -> tuple[HumanGrade, ...]:
    """Return the grades of the corpus, and those of reviewers."""
    return (*study.material.grades, *graded(study.reviews, study.material.questions))


def check_reviews(study: Study) -> None:
    """Raise a Fault if reviewed labels are needed, without any."""
    good = [each for each in study.label_reviews.values() if each.verdict in ("accept", "edit")]
    if study.review.seen_alone and not good:
        raise Fault(
            f"review={study.choices['review']}: the corpus has no label that a person accepted or edited. Expected some in "
            "reviews.jsonl of its folder. Review labels with runner-review, or choose review=none"
        )


def _name(study: Study) -> str:
    return f"review={study.choices['review']}"


def _none_left(study: Study, labelling: Labelling, left: Labelling) -> str:
    """Say why no label is left, and what to do."""
    name, every, filtered = _name(study), len(labelling.labels), left.ledgers[-1].filtered
    if filtered.get("rejected") == every:
        # More reviews would not help: nothing is left to be reviewed.
        return (
            f"{name}: reviews rejected all {every} labels of method={study.choices['method']}. Look at these reviews with "
            "runner-review, choose another method, or review=none to train on the labels as they were written"
        )
    reasons = ", ".join(f"{count} {reason}" for reason, count in filtered.items())
    return (
        f"{name}: no label is left of {every} ({reasons}). {_known(study.label_reviews, labelling)} Review labels of this method "
        "with runner-review, or choose review=none"
    )


def _known(reviews: Mapping[str, Standing], labelling: Labelling) -> str:
    """Say how many reviews are about these labels."""
    known = {label_item(label).id for label in labelling.labels} & reviews.keys()
    other = len(reviews) - len(known)
    return f"Reviews of {len(known)} of these labels count" + (f", and {other} are about other labels." if other else ".")
