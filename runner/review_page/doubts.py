"""Items in, their doubts and order out."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import yaml

from runner.component import identity
from runner.config.places import CONF
from runner.data.records import Label, Section
from runner.exam_checks.near_duplicates import similar
from runner.filter.supported import Supported
from runner.filter.unique import Unique
from runner.review_page import Candidate, ItemDoubt

NO_SECTION, GRADERS, UNSUPPORTED = "section is gone", "judge and match disagree", "not supported"
ARMS, UNGRADED, NEAR, AGAIN = "arms disagree", "not graded", "near-duplicate", "asked again"
# The gravest first. An item's place is decided by its gravest doubt, then by the number of its doubts.
KINDS = (NO_SECTION, GRADERS, UNSUPPORTED, ARMS, UNGRADED, NEAR, AGAIN)
LIKE_A_LABEL = 0.9  # as the setting `near` of run.py


def doubts_of(candidates: Sequence[Candidate], sections: Mapping[str, Section]) -> dict[str, list[ItemDoubt]]:
    """Return the doubts of items by id, the gravest first."""
    doubts: dict[str, list[ItemDoubt]] = defaultdict(list)
    for candidate in candidates:
        doubts[candidate.item.id] += _own(candidate, sections)
    for item, doubt in (*_of_words(candidates, sections), *_of_questions(candidates), *_of_arms(candidates)):
        doubts[item].append(doubt)
    return {item: sorted(each, key=lambda doubt: KINDS.index(doubt.kind)) for item, each in doubts.items()}


def in_order(candidates: Sequence[Candidate], doubts: Mapping[str, Sequence[ItemDoubt]]) -> list[Candidate]:
    """Return items with their doubts, sorted; equals stay in order."""
    return sorted((replace(each, doubts=tuple(doubts.get(each.item.id, ()))) for each in candidates), key=_place)


def _place(candidate: Candidate) -> tuple[int, int]:
    gravest = KINDS.index(candidate.doubts[0].kind) if candidate.doubts else len(KINDS)
    return gravest, -len(candidate.doubts)


def _own(candidate: Candidate, sections: Mapping[str, Section]) -> list[ItemDoubt]:
    """Return the doubts that need no other item."""
    item, doubts = candidate.item, []
    if item.section and item.section not in sections:
        doubts.append(ItemDoubt(kind=NO_SECTION, words=f"The corpus has no section {item.section} any more."))
    grades = {grade for _, grade in candidate.grades}
    if candidate.match and grades - {candidate.match, "ungraded"}:
        doubts.append(ItemDoubt(kind=GRADERS, words=f"The judge says {_listed(grades)}, match says {candidate.match}."))
    if "ungraded" in grades:
        doubts.append(ItemDoubt(kind=UNGRADED, words="The grader gave no readable verdict."))
    if candidate.asked_again:
        doubts.append(ItemDoubt(kind=AGAIN, words="The teacher wrote it only when it was asked again."))
    return doubts


def _of_words(candidates: Sequence[Candidate], sections: Mapping[str, Section]) -> list[tuple[str, ItemDoubt]]:
    """Apply the rules of the filters `supported` and `unique`."""
    judged = [each for each in candidates if each.item.kind != "answer"]
    labels = [_label(each, place) for place, each in enumerate(judged)]
    written = [label for label in labels if judged[int(label.position)].item.kind == "label"]
    supported, unique = _filters()
    texts, doubts = tuple(sections.values()), []
    for kind, dropped in ((UNSUPPORTED, supported.apply(labels, texts).dropped), (NEAR, unique.apply(written, texts).dropped)):
        for label in dropped:
            words = f"{str(label.extra['reason']).capitalize()}: {label.extra['detail']}."
            doubts.append((judged[int(label.position)].item.id, ItemDoubt(kind=kind, words=words)))
    return doubts


def _filters() -> tuple[Supported, Unique]:
    """Return the filters whose rules find doubts."""
    return Supported(**_settings("supported")), Unique(**_settings("unique"))


def rules() -> list[Any]:
    """Return the rules that decide which doubts are found."""
    return [*map(identity, _filters()), LIKE_A_LABEL]


def _label(candidate: Candidate, place: int) -> Label:
    item = candidate.item
    return Label(
        question=item.question,
        answer=item.answer,
        method=item.method,
        section=item.section,
        category=item.category,
        origin=candidate.origin,
        position=place,
    )


def _settings(name: str) -> dict[str, Any]:
    """Return the settings of a filter's shipped choice."""
    # Without the judge, since the page asks no model.
    settings = yaml.safe_load((CONF / "filter" / f"{name}.yaml").read_text(encoding="utf-8"))[name]
    return {key: value for key, value in settings.items() if key not in ("_target_", "judge")}


def _of_questions(candidates: Sequence[Candidate]) -> list[tuple[str, ItemDoubt]]:
    """Find exam questions that a label asks too."""
    asked = [each.item for each in candidates if each.item.kind == "question"]
    labels = [each.item.question for each in candidates if each.item.kind == "label" and each.item.question]
    near = similar([item.question for item in asked], labels, LIKE_A_LABEL)
    return [
        (asked[place].id, ItemDoubt(kind=NEAR, words=f"A label asks nearly the same: {labels[other]}"))
        for place, other, _ in near
    ]


def _of_arms(candidates: Sequence[Candidate]) -> list[tuple[str, ItemDoubt]]:
    """Find answers to questions that only some arms pass."""
    by_question: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    for each in candidates:
        if each.item.kind == "answer":
            by_question[each.item.question, each.item.section].append(each)
    doubts = []
    for answers in by_question.values():
        arms = {grade: [arm for each in answers for arm, own in each.grades if own == grade] for grade in ("pass", "fail")}
        if arms["pass"] and arms["fail"]:
            words = f"Of the arms {len(arms['pass'])} pass this question and {len(arms['fail'])} fail it."
            doubts += [(each.item.id, ItemDoubt(kind=ARMS, words=words)) for each in answers]
    return doubts


def _listed(words: set[str]) -> str:
    return " and ".join(sorted(words))
