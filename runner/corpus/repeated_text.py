"""Text that sections repeat: sections in, boilerplate and duplicates out."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from runner.data.records import Section
from runner.data.text import spaced

FEWEST, SHARE = 3, 0.1  # documents that hold a paragraph, and their share of all, from which on it is boilerplate
WORDS = 5  # a shorter paragraph or section may be the same by chance
ALIKE = 0.8  # Jaccard similarity of three words each, from which on sections are nearly the same
PERMUTATIONS, BANDS, SEED = 128, 16, 0  # of MinHash: 16 bands find 98% of the pairs at 0.8
_PARAGRAPH = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Boilerplate:
    """A paragraph that many documents hold."""

    text: str  # as the first document has it
    documents: tuple[str, ...]


@dataclass(frozen=True)
class SimilarSections:
    """Two sections and their likeness, at most 1."""

    first: str
    second: str
    likeness: float


def boilerplate(sections: Sequence[Section]) -> list[Boilerplate]:
    """Find paragraphs that many documents repeat."""
    texts, documents = dict[str, str](), defaultdict[str, dict[str, None]](dict)
    for section in sections:
        for paragraph in _PARAGRAPH.split(section.text):
            key = _plain(paragraph)
            if len(_words(key)) >= WORDS:
                texts.setdefault(key, paragraph.strip())
                documents[key][section.document] = None
    fewest = max(FEWEST, SHARE * len({section.document for section in sections}))
    return [Boilerplate(texts[key], tuple(names)) for key, names in documents.items() if len(names) >= fewest]


def without(sections: Sequence[Section], repeated: Sequence[Boilerplate]) -> Iterator[Section]:
    """Yield sections without paragraphs of boilerplate.

    A section that holds nothing else is left out.
    """
    dropped = {_plain(part.text) for part in repeated}
    for section in sections:
        parts = _PARAGRAPH.split(section.text)
        kept = [part for part in parts if _plain(part) not in dropped]
        if len(kept) == len(parts):
            yield section
        elif kept:
            yield replace(section, text="\n\n".join(kept))


def similar_sections(sections: Sequence[Section]) -> list[SimilarSections]:
    """Find sections that repeat an earlier one, or nearly do.

    Of several that are alike, each is set beside the first.
    """
    # Imported here, since most commands find what was read before.
    from rensa import RMinHash, RMinHashLSH

    firsts, pairs = dict[str, int](), list[SimilarSections]()
    index = RMinHashLSH(threshold=ALIKE, num_perm=PERMUTATIONS, num_bands=BANDS)
    for number, section in enumerate(sections):
        text = _plain(section.text)
        if len(_words(text)) < WORDS:
            continue
        if text in firsts:
            pairs.append(SimilarSections(sections[firsts[text]].id, section.id, 1.0))
            continue
        firsts[text] = number
        shingles = _shingles(text)
        signature = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
        signature.update(sorted(shingles))
        # What the index finds is an estimate, which may be wrong either way.
        alike = [(_jaccard(shingles, _shingles(_plain(sections[other].text))), other) for other in index.query(signature)]
        likeness, other = max(alike, default=(0.0, 0))
        if likeness >= ALIKE:
            pairs.append(SimilarSections(sections[other].id, section.id, round(likeness, 2)))
        else:  # thousands of sections of one form would each be compared with all before it
            index.insert(number, signature)
    return pairs


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _words(text: str) -> list[str]:
    return spaced(text).split()


def _shingles(text: str) -> frozenset[str]:
    words = _words(text)
    return frozenset(" ".join(words[at : at + 3]) for at in range(len(words) - 2))


def _jaccard(first: Collection[str], second: Collection[str]) -> float:
    shared = len({*first} & {*second})
    return shared / (len(first) + len(second) - shared)
