"""Drop labels that are written in another language than wanted.

Question and answer are judged together, since an answer is often a name or a number, which no language owns. An answer of some
length is judged by itself too: a teacher may answer in its own language. A label is dropped only where the wanted languages are
improbable. One with few words, beside identifiers and numbers, is kept.

The probabilities are those of py3langid, which knows 130 languages and holds its model (4.5 MB) in its wheel.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Self

from pydantic import model_validator

from runner.component import component
from runner.data.records import Label, Section
from runner.errors import Fault
from runner.filter import Filtered, Share, parted

LETTERS = 15  # of a label in words, so that its language can be told
LONG = 30  # letters of an answer in small words, from which on it is judged by itself
SURE = 0.8  # the probability of a section's language, from which on its labels are judged by it


@component
class Language:
    """Keep labels in given languages, or in their section's."""

    languages: tuple[str, ...] | None = None  # codes of ISO 639, such as en and de; None is the language of the section
    least: Share  # the probability of the wanted languages, below which a label is dropped

    @model_validator(mode="after")
    def _check_codes(self) -> Self:
        if self.languages is None:
            return self
        if unknown := sorted({*self.languages} - {*_identifier().labels}):
            known = ", ".join(sorted(_identifier().labels))
            raise Fault(f"languages: found {', '.join(unknown)}, expected codes such as [en,de] of these: {known}")
        if not self.languages:
            raise Fault("languages: found none, and would keep no label. Name one, such as [en], or null for that of the section")
        return self

    def apply(self, labels: Sequence[Label], sections: Sequence[Section]) -> Filtered:
        """Drop each label that is surely in another language."""
        texts = {section.id: f"{section.title}\n{section.heading}\n{section.text}" for section in sections}
        return parted(labels, [self._reason(label, texts) for label in labels])

    def _reason(self, label: Label, sections: Mapping[str, str]) -> tuple[str, str]:
        wanted = self.languages or _of_section(sections.get(label.section, ""))
        judged = [f"{label.question} {label.answer}"] if _letters(label.question + " " + label.answer) >= LETTERS else []
        judged += [label.answer] if _letters(label.answer, small=True) >= LONG else []
        for text in judged if wanted else ():
            likely = dict(_identifier().rank(text))
            if sum(likely[language] for language in {*wanted}) < self.least:
                return "another language", f"like {max(likely, key=likely.__getitem__)}, expected {' or '.join(wanted)}"
        return "", ""


@cache
def _identifier() -> Any:
    """Load the model."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@cache
def _of_section(text: str) -> tuple[str, ...]:
    """Return the language of a section; nothing if it is not sure."""
    language, probability = _identifier().classify(text)
    return (language,) if probability >= SURE and _letters(text) >= LETTERS else ()


def _letters(text: str, small: bool = False) -> int:
    """Count the letters in words, by default names too.

    One of a script without capitals counts as three: Chinese needs fewer.
    """
    words = re.findall(r"\w+", text)
    plain = [word for word in words if word.isalpha() and not word.isupper() and not (small and word[0].isupper())]
    return sum(len(word) if word[0].lower() != word[0].upper() else 3 * len(word) for word in plain)
