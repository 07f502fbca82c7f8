"""Drop labels whose answer does not stand in their section.

An answer is supported if all of this holds:

1. Each number that it writes in digits stands in the section, or in the question. Numbers in words are often counts ("four,
   channels 0 to 3"), which no section needs to state.
2. So does each of its names. A name is a word with an underscore, with a capital letter behind its first one, or with a capital
   letter inside a sentence.
3. Of its content words at least `share` stand there, or all but one of several. Words are stemmed, and units are taken as equal
   however they are written. Words that are common in English, such as "the" or "which", do not count. Of a script without
   spaces, such as Chinese, each two signs that adjoin are a word.

The label of no section, such as one that a person wrote without naming it, is kept. The rule knows words alone. For it, an answer
that puts the section's words together wrongly is supported, and one that follows from the section in other words is not. So a
judge may be asked about the labels that the rule would drop.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import ClassVar

from runner.component import component
from runner.data.records import Label, Section
from runner.data.text import numeric, parts, signs, words
from runner.exam_checks.fact_links import SIDES, stemmed
from runner.filter import Filtered, Share, parted
from runner.filter.judgement import AskedJudgement

# Inside a sentence: behind a word or a comma, and not at its beginning.
_NAME = re.compile(r"(?<=[\w,;] )[^\W\d_]*[A-Z][\w'-]*|\b\w+[A-Z]\w*|\b\w+_\w+")


@component
class Supported:
    """Keep labels whose answers their sections support."""

    version: ClassVar[int] = 2  # 2: pairs of signs in scripts without spaces
    later: ClassVar[frozenset[str]] = frozenset({"judge"})

    share: Share  # of the answer's content words that must stand there
    judge: AskedJudgement = None

    def apply(self, labels: Sequence[Label], sections: Sequence[Section]) -> Filtered:
        """Drop each label whose answer its section does not support."""
        texts = {section.id: section for section in sections}
        return parted(labels, [self._reason(label, texts) for label in labels])

    def _reason(self, label: Label, sections: Mapping[str, Section]) -> tuple[str, str]:
        if not (section := sections.get(label.section)):
            return "", ""
        known, answer = _known(label.question) | _stems_of(section), stems(label.answer)
        digits = {side for number in _written(label.answer) for side in SIDES.split(number)}
        if lacking := sorted((answer & digits) - known):
            return "number not in the section", ", ".join(lacking)
        # Of the answer's own words, since a unit such as GHz has another form beside its number.
        names = answer & {stem for name in _NAME.findall(label.answer) for stem in stems(name) if not numeric(stem)}
        if lacking := sorted(names - known):
            return "name not in the section", ", ".join(lacking)
        content = {word for word in answer if not numeric(word)} - common()
        lacking = sorted(content - known)
        if lacking and (len(lacking) == len(content) or len(lacking) > max(1, (1 - self.share) * len(content))):
            return "words not in the section", ", ".join(lacking)
        return "", ""


def _written(answer: str) -> list[str]:
    """Return the numbers that an answer writes in digits."""
    return [word for word in words(re.sub(r"\b[^\W\d_]+\b", ";", answer)) if numeric(word)]


def stems(text: str) -> set[str]:
    """Return the stemmed words of a text; a score is two numbers."""
    return stemmed(side for word in words(text) for side in (SIDES.split(word) if numeric(word) else parts(word)) if side)


def _known(text: str) -> set[str]:
    """Return the stems and single signs of a text."""
    # One sign may be a whole answer.
    return stems(text) | {*signs(text)}


@cache
def _stems_of(section: Section) -> frozenset[str]:
    """Return a section's stems, once for all of its labels."""
    return frozenset(_known(f"{section.title} ; {section.heading} ; {section.text}"))


@cache
def common() -> frozenset[str]:
    """Return the stems of words that are common in English."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return frozenset(stems(" ".join([*sorted(ENGLISH_STOP_WORDS), "yes", "does", "did"])))
