"""Labels are dropped by the length of their questions and answers."""

import pytest

from runner.errors import Fault
from runner.filter.length import Length
from tests import given


@pytest.mark.parametrize(
    ("settings", "reasons"),
    [
        ({"shortest": 1}, []),
        ({"shortest": 3}, [("answer too short", "2 words, at least 3")]),
        ({"shortest": 1, "longest": 1}, [("answer too long", "2 words, at most 1")]),
        ({"shortest": 1, "question": 2}, [("question too long", "3 words, at most 2")]),
    ],
)
def test_words_and_marks_are_counted(settings: dict[str, int], reasons: list[tuple[str, str]]) -> None:
    result = Length(**settings).apply([given.label("Who won?", answer="Ada.")], [])
    assert [(each.extra["reason"], each.extra["detail"]) for each in result.dropped] == reasons
    assert len(result.labels) == 1 - len(reasons)


def test_limits_that_no_label_can_meet_are_refused() -> None:
    with pytest.raises(Fault, match="longest is 2, and shortest is 3: no label would be kept"):
        Length(shortest=3, longest=2)
