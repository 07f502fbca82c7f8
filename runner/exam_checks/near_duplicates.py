"""Labels and exam questions in; the questions that a label nearly asks already, with how alike the two are, out."""

from collections.abc import Sequence
from dataclasses import dataclass

from runner.data.records import Label, Question
from runner.data.text import normal


@dataclass(frozen=True, kw_only=True)
class Near:
    """An exam question, the label's question that is most like it, and the likeness from 0 to 1."""

    question: str
    asked: str
    label: str
    likeness: float


def nearest(labels: Sequence[Label], questions: Sequence[Question], threshold: float) -> list[Near]:
    """The exam questions with a label at least so much like them, the most alike first.

    Likeness is the cosine of the counts of character sequences of two to four, within words, of both normalised questions: it
    sees another ending, order or filler, not another wording of the same thing, which is what an exam is made of.
    """
    if not labels or not questions:
        return []
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.preprocessing import normalize

    asked = [normal(text) for text in (*(of.question for of in questions), *(label.question for label in labels))]
    counts = normalize(CountVectorizer(analyzer="char_wb", ngram_range=(2, 4)).fit_transform(asked))
    exam, taught = counts[: len(questions)], counts[len(questions) :]
    found = []
    for place in range(0, len(questions), 500):  # a block at a time: the table of all pairs may not fit
        alike = (exam[place : place + 500] @ taught.T).tocsr()
        for row, question in enumerate(questions[place : place + 500]):
            of = alike.getrow(row)
            if of.nnz and (likeness := round(float(of.max()), 3)) >= threshold:
                label = labels[of.indices[of.data.argmax()]]
                found.append(Near(question=question.id, asked=question.question, label=label.question, likeness=likeness))
    return sorted(found, key=lambda near: -near.likeness)
