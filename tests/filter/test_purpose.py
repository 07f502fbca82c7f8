"""Labels that do not serve the purpose are dropped, unless their section does."""

import pytest
from pydantic import ValidationError

from runner.errors import Fault
from runner.filter.purpose import Purpose
from tests import given

PURPOSE = "Know the results, dates, places, people and numbers of these sporting events."
CUP = given.section("Ada won.", heading="Final")
LABELS = [
    given.label("Who won the football World Cup final?", answer="France, by 4-2.", section=CUP.id),
    given.label("Which register holds the depth of the FIFO?", answer="LINK_CTRL.", section="chip.md#Registers"),
    given.label("What colour is the handle of a bread knife?", answer="Red.", section=CUP.id),
    given.label("What colour is the handle of a bread knife?", answer="Red.", section=""),
]


def test_what_is_far_from_the_purpose_is_dropped_with_its_likeness() -> None:
    result = Purpose(likeness=0.12).apply_for(PURPOSE, LABELS, [CUP])
    assert result.labels == (LABELS[0], LABELS[2])
    assert {each.extra["reason"] for each in result.dropped} == {"not of the purpose"}
    assert all(str(each.extra["detail"]).startswith("likeness ") for each in result.dropped)


def test_the_likeness_is_a_setting() -> None:
    assert Purpose(likeness=1).apply_for(PURPOSE, LABELS, [CUP]).labels == ()
    assert Purpose(likeness=0.12).apply_for(PURPOSE, [], []).labels == ()
    with pytest.raises(ValidationError, match="likeness"):
        Purpose(likeness=1.1)


def test_without_a_purpose_nothing_can_be_compared() -> None:
    with pytest.raises(Fault, match="filter=purpose: it needs the purpose of a corpus"):
        Purpose(likeness=0.1).apply(LABELS, [CUP])
