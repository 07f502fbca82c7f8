"""A corpus in, the outcomes of people's reviews out."""

from collections.abc import Mapping, Sequence

from runner.config.told_once import warn_once
from runner.corpus import Corpus, HasReviews
from runner.data.preferences import HumanPreference
from runner.data.records import HumanGrade, Question, Section
from runner.data.reviews import Standing, outdated, source_of, standings
from runner.data.text import normal


def read_standings(corpus: Corpus, sections: Sequence[Section], labels: bool) -> dict[str, Standing]:
    """Read a corpus's reviews; return the outcome for each item.

    A warning counts the reviews of sections that have changed or are not there. It leaves out those of labels where the study
    does not use them (`labels` is false).
    """
    if not isinstance(corpus, HasReviews) or not (reviews := corpus.read_reviews()):
        return {}
    current = {section.id: source_of(section) for section in sections}
    used = [review for review in reviews if labels or review.before.kind != "label"]
    old = [review for review in used if outdated(review, current)]
    lost = [review for review in used if review.before.section and review.before.section not in current]
    for those, words in (
        (old, "are of sections that have changed since. They do not count; runner-review shows what changed"),
        (lost, "are of sections that this corpus does not hold"),
    ):
        if those:
            warn_once(f"{corpus.name}: {len(those)} of {len(used)} reviews {words}. The first: {those[0].before.section}")
    return standings(reviews, sections)


def outcomes(reviews: Mapping[str, Standing]) -> list[list[str]]:
    """Return all that reviews decide, for a hash."""
    return sorted([item, *standing.outcome] for item, standing in reviews.items())


def edits(reviews: Mapping[str, Standing]) -> tuple[HumanPreference, ...]:
    """Return preferences for the answers that people wrote over others."""
    pairs = [(standing.reviews[0].before, standing.after) for standing in reviews.values() if standing.kind == "label"]
    return tuple(
        HumanPreference(question=after.question, chosen=after.answer, rejected=before.answer)
        for before, after in pairs
        # An edited question asks something else, so the former answer is no worse one to it.
        if after and normal(after.question) == normal(before.question) and after.answer != before.answer
    )


def graded(reviews: Mapping[str, Standing], exam: Sequence[Question]) -> tuple[HumanGrade, ...]:
    """Return the grades that reviewers gave to answers."""
    asked = {normal(question.question): question for question in exam}
    grades = []
    for standing in reviews.values():
        item, name = standing.reviews[0].before, normal(standing.reviews[0].before.question)
        if standing.kind != "answer" or standing.verdict not in ("right", "wrong"):
            continue
        own = Question(
            id=name,
            question=item.question,
            answer=item.reference,
            category=item.category or "uncategorised",
            aliases=item.aliases,
            section=item.section,
        )
        grades.append(HumanGrade(question=asked.get(name, own), answer=item.answer, passed=standing.verdict == "right"))
    return tuple(grades)
