"""Forms of replies: what a teacher is asked for, as schemas and in words."""

import re
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

NOT_NUMBERED = -1  # a pair on facts that names no number


# The lists below are sent to hosts as JSON schemas, which hold the model to the form of its reply. They are objects with
# one field, since hosts do not accept an array at the top. pydantic writes class names and docstrings into a schema, and the
# register of batches finds a paid request by the digest of all that was sent. So the descriptions are fixed here: a docstring
# can then be reworded without a request being paid for twice. For the same reason these classes keep their names.
def _described(description: str) -> ConfigDict:
    return ConfigDict(frozen=True, json_schema_extra={"description": description})


class Pair(BaseModel):
    """A question/answer pair as a teacher writes it."""

    model_config = _described("One question/answer pair as a teacher writes it.")

    question: str
    answer: str


class FactPair(BaseModel):
    """A pair with the number of its fact."""

    model_config = _described("One question/answer pair on a numbered fact.")

    fact: int
    question: str
    answer: str

    @model_validator(mode="before")
    @classmethod
    def _read_number(cls, values: Any) -> Any:
        # A pair without a number can still be counted, and one on a single fact needs none.
        number = whole_number(values.get("fact")) if isinstance(values, dict) else None
        return {**values, "fact": NOT_NUMBERED if number is None else number} if isinstance(values, dict) else values


class WrittenDocument(BaseModel):
    """A document that a teacher wrote, with its question."""

    model_config = _described("One question, and the document that was written around it.")

    question: str
    document: str

    @property
    def answer(self) -> str:
        """Return what is trained on, as a pair's answer is."""
        return self.document


class PairList(BaseModel):
    """Schema of a reply that lists pairs."""

    model_config = _described("The form of a reply of pairs: an object, since that is what servers can hold a model to.")

    pairs: list[Pair]


class FactPairList(BaseModel):
    """Schema of a reply that lists pairs on facts."""

    model_config = _described("The form of a reply of pairs on numbered facts.")

    pairs: list[FactPair]


class DocumentList(BaseModel):
    """Schema of a reply that lists documents."""

    model_config = _described("The form of a reply of documents.")

    documents: list[WrittenDocument]


class StatementList(BaseModel):
    """Schema of a reply that lists statements."""

    model_config = _described("The form of a reply of statements.")

    statements: list[str]


class NumberList(BaseModel):
    """Schema of a reply that lists numbers."""

    model_config = _described("The form of a reply of numbers.")

    numbers: list[int]


# The words for these forms, for a teacher that is asked again.
EXPECTED: dict[type, str] = {
    Pair: 'a JSON array of objects with the keys "question" and "answer", whose values are strings,',
    FactPair: 'a JSON array of objects with the keys "fact" (its number in the list), "question" and "answer"',
    WrittenDocument: 'a JSON array of objects with the keys "question" and "document", whose values are strings,',
    str: "a JSON array of strings",
    int: "a JSON array of whole numbers",
}
FORMS: dict[type, type[BaseModel]] = {
    Pair: PairList,
    FactPair: FactPairList,
    WrittenDocument: DocumentList,
    str: StatementList,
    int: NumberList,
}


def whole_number(value: Any) -> int | None:
    """Return a value as a whole number, or None."""
    # Small models write numbers as they stand in the list: "1", "1.", "#1", 1.0.
    if isinstance(value, str) and (number := re.fullmatch(r"\s*(?:fact\s*)?#?(\d{1,9})(?:[.)]|\.0)?\s*", value, re.IGNORECASE)):
        return int(number[1])
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if type(value) is int else None
