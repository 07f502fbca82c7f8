"""Near-duplicates: labels and an exam in, similar questions out.

An exam question that a label asks in almost the same words tests memory, not knowledge. The report names such questions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from runner.data.records import Label, Question
from runner.data.text import normal

CELLS = 10_000_000  # pairs of texts that are compared at once


@dataclass(frozen=True, kw_only=True)
class Near:
    """An exam question, the most similar label, and their similarity.

    `likeness` is from 0 to 1.
    """

    question: str
    asked: str
    label: str
    likeness: float


def asked(label: Label) -> str:
    """Return the question that a label answers.

    That of a text is the one that it was written around; "" if there is none.
    """
    return label.question or label.around


def nearest(labels: Sequence[Label], questions: Sequence[Question], threshold: float) -> list[Near]:
    """Find exam questions that are similar to a label.

    Return those with a similarity of at least `threshold`, the most similar first. Similarity is the cosine between the counts of
    character sequences (two to four characters, within words) of the normalised questions. It sees other endings, word order and
    fillers. It does not see a paraphrase: an exam consists of paraphrases of what was taught.
    """
    labels = [label for label in labels if asked(label)]
    near = [
        Near(question=questions[place].id, asked=questions[place].question, label=asked(labels[other]), likeness=likeness)
        for place, other, likeness in similar([question.question for question in questions], list(map(asked, labels)), threshold)
    ]
    return sorted(near, key=lambda pair: -pair.likeness)


def unlike(labels: Sequence[Label], questions: Sequence[Question], threshold: float) -> list[Label]:
    """Return the labels that ask like none of the questions."""
    near = {place for place, _, _ in similar(list(map(asked, labels)), [question.question for question in questions], threshold)}
    return [label for place, label in enumerate(labels) if place not in near]


def sequences(texts: Sequence[str]) -> Any:
    """Count the character sequences of texts.

    Returns a sparse matrix of scipy with a row of length 1 for each text, so that the product of two rows is their similarity.
    """
    # Imported here, since scikit-learn takes long to load and not every command needs it.
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.preprocessing import normalize

    # A sequence lies within a word, so each word's are counted once: many texts share few words.
    words = CountVectorizer(analyzer=str.split)
    in_texts = words.fit_transform(map(normal, texts))
    in_words = CountVectorizer(analyzer="char_wb", ngram_range=(2, 4)).fit_transform(words.get_feature_names_out())
    counts = in_texts @ in_words
    counts.sort_indices()
    return normalize(counts)


def similar(texts: Sequence[str], others: Sequence[str], threshold: float) -> Iterator[tuple[int, int, float]]:
    """Yield texts that are similar to one of the others.

    They come as their place, the place of the most similar one, and the similarity.
    """
    if not texts or not others:
        return
    counts = sequences([*texts, *others])
    first, second = counts[: len(texts)], counts[len(texts) :]
    # In blocks, since the table of all texts by all others may not fit into memory.
    block = max(1, CELLS // len(others))
    for start in range(0, len(texts), block):
        similarities = (first[start : start + block] @ second.T).tocsr()
        for row in range(similarities.shape[0]):
            alike = similarities.getrow(row)
            # Rounded first, so that the threshold agrees with the number that is shown.
            if alike.nnz and (likeness := round(float(alike.max()), 3)) >= threshold:
                yield start + row, int(alike.indices[alike.data.argmax()]), likeness
