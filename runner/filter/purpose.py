"""Drop labels that do not serve their corpus's purpose.

A label serves it if the embeddings of the two are alike. They are those of dense retrieval, and their similarity is the cosine.
The title of the label's document is embedded with question and answer. A section has labels in many words, of which some are far
from those of the purpose. So a label is kept if it, or the mean of the labels of its section, is like the purpose.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import ClassVar

from runner.component import component
from runner.data.records import Label, Section
from runner.embedding.minilm import check_installed, embed, encoder
from runner.errors import Fault
from runner.filter import Filtered, Share, parted
from runner.filter.judgement import AskedJudgement


@component
class Purpose:
    """Keep labels that are like the purpose of the corpus."""

    slow: ClassVar[bool] = True
    later: ClassVar[frozenset[str]] = frozenset({"judge"})

    likeness: Share  # of label and purpose
    judge: AskedJudgement = None

    def check(self) -> None:
        """Raise a Fault if the embedding model is not installed."""
        check_installed("filter=purpose", "Leave the filter out, which needs none")

    def apply(self, labels: Sequence[Label], sections: Sequence[Section]) -> Filtered:
        """Refuse to filter, since labels and sections name no purpose."""
        raise Fault("filter=purpose: it needs the purpose of a corpus, and was given labels and sections alone")

    def apply_for(self, purpose: str, labels: Sequence[Label], sections: Sequence[Section]) -> Filtered:
        """Drop each label that is not like the purpose."""
        if not labels:
            return Filtered(labels=())
        titles = {section.id: f"{section.title}. " for section in sections}
        texts = [f"{titles.get(label.section, '')}{label.question} {label.answer}" for label in labels]
        purpose_vector, *vectors = embed([purpose, *texts], encoder())
        own = [float(vector @ purpose_vector) for vector in vectors]
        by_section = defaultdict[str, list[float]](list)
        for label, likeness in zip(labels, own, strict=True):
            by_section[label.section].append(likeness)
        # Labels without a section have nothing else in common.
        means = {name: sum(each) / len(each) for name, each in by_section.items() if name}
        likely = [max(likeness, means.get(label.section, likeness)) for label, likeness in zip(labels, own, strict=True)]
        reasons = [("", "") if each >= self.likeness else ("not of the purpose", f"likeness {each:.2f}") for each in likely]
        return parted(labels, reasons)
