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
    if not study.review.applies:
        return labelling
    labels, name = labelling.labels, f"review={study.choices['review']}"
    result: Reviewed = returned(study.review, "apply", study.review.apply(labels, study.label_reviews), Reviewed)
    known = _known(study.label_reviews, labelling)
    if labels and not result.labels:
        raise Fault(
            f"{name}: no label is left of {len(labels)}. {known} Review labels of this method with runner-review, "
            "or choose review=none"
        )
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


def _known(reviews: Mapping[str, Standing], labelling: Labelling) -> str:
    """Say how many reviews are about these labels."""
    known = {label_item(label).id for label in labelling.labels} & reviews.keys()
    other = len(reviews) - len(known)
    return f"Reviews of {len(known)} of these labels count" + (f", and {other} are about other labels." if other else ".")
