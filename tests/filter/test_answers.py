"""An answer must be of the kind that its question asks for."""

import pytest

from runner.filter.answers import Answers
from tests import given


def dropped(question: str, answer: str) -> list[tuple[str, str]]:
    """The reasons to drop a label."""
    result = Answers().apply([given.label(question, answer=answer)], [])
    return [(str(each.extra["reason"]), str(each.extra["detail"])) for each in result.dropped]


@pytest.mark.parametrize(
    ("question", "answer", "detail"),
    [
        ("What is X?", "I'm sorry, but I cannot answer.", "a refusal"),
        ("What is X?", "The text does not say.", "a refusal"),
        ("What is X?", "What is Y?", "a question"),
        ("What does the field LEFT count?", "The field LEFT counts.", "it repeats the question"),
        ("Where was the final?", "In May 2019.", "a date, asked 'where'"),
        ("Wie tief ist der FIFO?", "Wie tief ist der FIFO", "it repeats the question"),
        ("How many ports has it?", "Ada.", "no number, asked 'How many'"),
        ("In which year did it begin?", "In Oslo.", "no number, asked 'which year'"),
        ("How long is it?", "Ada Lund.", "no number, asked 'How long'"),
        ("Who won the final?", "35.", "a number, asked 'who'"),
        ("Which team won?", "On 3 May 2019.", "a number, asked 'Which team'"),
        ("Where was the final?", "3 May 2019", "a date, asked 'where'"),
        ("When was it?", "Ada Lund.", "a name, asked 'when'"),
        ("Who won the final?", "Yes, it did.", "yes or no, asked 'who'"),
    ],
)
def test_an_answer_of_another_kind_is_dropped(question: str, answer: str, detail: str) -> None:
    assert [each[1] for each in dropped(question, answer)] == [detail]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who won?", "The 49ers."),
        ("Where does the table begin?", "At 64."),
        ("When the bit is set, does it run?", "Yes, at once."),
        ("Does it run?", "It runs."),
        ("Where does SNOOP stand?", "At bit 9."),
        ("When does it end?", "If a second edge follows."),
        ("When is it?", "In May."),
        ("Does it go on?", "It stops with the status LONGHAUL."),
        ("Must the name hold the block, and where?", "Yes, at its beginning."),
        ("A signal is stable for 3 cycles: is it accepted?", "No, it must be stable for 5."),
        ("Who corrects a bit, the sender or the receiver?", "The receiver."),
        ("Which field shows how many blocks are left?", "LEFT."),
        ("How many power domains does Halvern have?", "Four power domains."),
        ("After how many lost rounds is it served?", "After AgeLimit lost rounds."),
        ("How long were they short-handed?", "Much of the match."),
        ("How many were lost?", "None."),
        ("How many names may it have?", "Unlimited."),
        ("What question does the guide ask first?", "Who am I?"),
        ("Name the man with the whistle when Argentina met France.", "Szymon Marciniak."),
        ("Wer gewann das Finale?", "Ada Lund."),
        ("", "A text without a question."),
    ],
)
def test_an_answer_that_may_be_right_is_kept(question: str, answer: str) -> None:
    assert dropped(question, answer) == []
