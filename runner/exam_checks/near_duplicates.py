"""Near-duplicates: labels and an exam in, similar questions out.

An exam question that a label asks in almost the same words tests memory, not knowledge. The report names such questions.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from runner.data.records import Label, Question
from runner.data.text import normal

BLOCK = 500  # exam questions that are compared at once


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
    if not labels or not questions:
        return []
    # Imported here, since scikit-learn takes long to load and not every command needs it.
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.preprocessing import normalize

    texts = [normal(question.question) for question in questions] + [normal(asked(label)) for label in labels]
    counts = normalize(CountVectorizer(analyzer="char_wb", ngram_range=(2, 4)).fit_transform(texts))
    exam, taught = counts[: len(questions)], counts[len(questions) :]
    near = []
    # In blocks, since the table of all questions by all labels may not fit into memory.
    for place in range(0, len(questions), BLOCK):
        similarities = (exam[place : place + BLOCK] @ taught.T).tocsr()
        for row, question in enumerate(questions[place : place + BLOCK]):
            similar = similarities.getrow(row)
            # Rounded first, so that the threshold agrees with the number that is shown.
            if similar.nnz and (likeness := round(float(similar.max()), 3)) >= threshold:
                label = labels[similar.indices[similar.data.argmax()]]
                near.append(Near(question=question.id, asked=question.question, label=asked(label), likeness=likeness))
    return sorted(near, key=lambda pair: -pair.likeness)
