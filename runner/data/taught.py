"""Sections of today and of a training in, changes out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from runner.data.records import Label, Material, Section, digest


@dataclass(frozen=True, kw_only=True)
class Taught:
    """The labels of a checkpoint, and their sections."""

    trainings: tuple[str, ...]  # keys of their stages, from the base model on
    sections: Mapping[str, str]  # the digest of each section by its id
    labels: tuple[Label, ...]  # of this training and of those before it, without labels on what had changed by then


@dataclass(frozen=True, kw_only=True)
class Unlabelled(Material):
    """The part of a corpus that is left to label."""

    whole: tuple[Section, ...]  # all sections: a method may show some of the others beside those that it labels


@dataclass(frozen=True, kw_only=True)
class Changes:
    """Sections by what became of them."""

    whole: tuple[Section, ...]  # of today, in the order of the documents
    unchanged: frozenset[str]  # ids, as all that follow
    changed: frozenset[str]
    withdrawn: tuple[str, ...]  # of sections that are gone

    @property
    def relabelled(self) -> tuple[Section, ...]:
        """Return the changed and new sections."""
        return tuple(section for section in self.whole if section.id not in self.unchanged)

    def rows(self) -> Iterator[dict[str, str]]:
        """Yield a row for each section that changed."""
        for section in self.relabelled:
            yield {"section": section.id, "edition": "changed" if section.id in self.changed else "new"}
        yield from ({"section": name, "edition": "withdrawn"} for name in self.withdrawn)

    def __str__(self) -> str:
        """Count the sections in words."""
        new = len(self.whole) - len(self.unchanged) - len(self.changed)
        same = f"{len(self.unchanged)} section{'s' * (len(self.unchanged) != 1)} unchanged"
        return f"{same}, {len(self.changed)} changed, {new} new, {len(self.withdrawn)} withdrawn"


def section_digests(sections: Iterable[Section]) -> dict[str, str]:
    """Return the digest of each section by its id."""
    return {section.id: section_digest(section.heading, section.text) for section in sections}


def section_digest(heading: str, text: str) -> str:
    """Hash what a section says."""
    # Not the file's name, nor spaces: a document that was moved or wrapped anew says the same.
    return digest([heading, " ".join(text.split())])


def changes(former: Mapping[str, str], sections: Sequence[Section]) -> Changes:
    """Divide sections by what became of them since."""
    today, known = section_digests(sections), {*former.values()}
    unchanged = frozenset(name for name, mark in today.items() if mark in known)
    present = {*today.values()}
    return Changes(
        whole=tuple(sections),
        unchanged=unchanged,
        changed=frozenset(name for name in today if name in former) - unchanged,
        withdrawn=tuple(name for name, mark in former.items() if name not in today and mark not in present),
    )


def still_true(taught: Taught, sections: Iterable[Section]) -> tuple[Label, ...]:
    """Return earlier labels on sections that say the same today."""
    present = {*section_digests(sections).values()}
    # A label that names no section may be about any, and is kept.
    return tuple(label for label in taught.labels if not label.section or taught.sections.get(label.section) in present)


def named_today(labels: Iterable[Label], former: Mapping[str, str], sections: Iterable[Section]) -> tuple[Label, ...]:
    """Give the sections of true labels today's names.

    `former` has the digests of the sections that the labels name. A document may have been moved since.
    """
    today = section_digests(sections)
    names = {mark: name for name, mark in today.items()}

    def name(label: Label) -> str:
        mark = former.get(label.section)
        # Of several sections that say the same, the one of the former name.
        return label.section if mark is None or today.get(label.section) == mark else names.get(mark, label.section)

    return tuple(replace(label, section=name(label)) for label in labels)
