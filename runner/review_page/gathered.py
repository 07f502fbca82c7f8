"""Items of several sources in, each item once out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from runner.config.places import PACKAGE
from runner.corpus import InFolder
from runner.data.records import Label, Question, Section
from runner.data.reviews import NAME, label_item, question_item
from runner.review_page import Candidate
from runner.store import Store


@dataclass(frozen=True, kw_only=True)
class ReviewedItems:
    """All items of a corpus or run, with their sections."""

    name: str
    candidates: tuple[Candidate, ...]
    sections: Mapping[str, Section]
    store: Store  # that keeps what was found about the items
    folder: Path | None = None  # of the corpus; None if it is in no folder
    notes: tuple[str, ...] = field(default=())

    @property
    def reviews(self) -> Path:
        """Return the file of reviews: in the corpus's folder, if that is one's own."""
        shipped = self.folder is None or self.folder.resolve().is_relative_to(PACKAGE)
        return Path(NAME) if self.folder is None or shipped else self.folder / NAME


def candidates_of_labels(labels: Iterable[Label]) -> list[Candidate]:
    """Return labels as items."""
    return [
        Candidate(item=label_item(label), origin=label.origin, fact=label.fact, asked_again=label.round > 0) for label in labels
    ]


def candidates_of_questions(questions: Iterable[Question], origin: str) -> list[Candidate]:
    """Return exam questions as items; `origin` is who wrote them."""
    return [
        Candidate(item=question_item(question), origin=str(question.extra.get("origin", "")) or origin, fact=question.fact)
        for question in questions
    ]


def folder_of(corpus: object) -> Path | None:
    """Return the folder of a corpus that is in one."""
    return Path(corpus.path).expanduser() if isinstance(corpus, InFolder) and Path(corpus.path).expanduser().is_dir() else None


def merged(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Join items of the same words; the first keeps its method."""
    joined: dict[str, Candidate] = {}
    for each in candidates:
        first = joined.get(each.item.id)
        if first is None:
            joined[each.item.id] = each
            continue
        names = [name for name in (first.origin, each.origin) if name]
        joined[each.item.id] = replace(
            first,
            origin=first.origin if each.origin in first.origin.split(", ") else ", ".join(names),
            fact=first.fact or each.fact,
            asked_again=first.asked_again and each.asked_again,
            grades=(*first.grades, *(grade for grade in each.grades if grade not in first.grades)),
            match=first.match or each.match,
        )
    return tuple(joined.values())
