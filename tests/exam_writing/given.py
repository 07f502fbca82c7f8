"""A corpus of facts, and the shipped settings of exam=written."""

from dataclasses import replace
from functools import cache
from typing import Any

from runner.data.records import Material
from runner.exam.written import Written
from tests.given import section, study

# Two facts in each of the first two sections, one in the last.
MATERIAL = Material(
    sections=(
        section("Ada of Oslo won the cup. The final was held in Bergen.", heading="Final", category="cup"),
        section("The league began in May. Bob leads it by nine.", document="league.md", heading="Start", category="league"),
        section("The bowl is made of tin.", document="bowl.md", heading="Bowl", category="cup"),
    ),
    questions=(),
)


@cache
def _shipped() -> Written:
    exam = study("exam=written").exam
    assert isinstance(exam, Written)
    return exam


def written(**settings: Any) -> Written:
    """The exam with the shipped prompts and these settings."""
    return replace(_shipped(), **settings)
