"""Two joined amounts are a range."""

import pytest

from runner.grader.quantities import Quantity, units
from runner.grader.reading import read
from runner.grader.values import Number, Range


@pytest.mark.parametrize(
    "text", ["-40 to 85 °C", "-40 °C - 85 °C", "from -40 °C up to 85 °C", "between -40 and 85 °C", "−40…85 °C", "-40 °C ~ 85 °C"]
)
def test_temperatures_have_limits(text: str) -> None:
    celsius = units("°C")
    limits = Range(Quantity(-40, celsius), Quantity(85, celsius))
    assert (limits,) in [term.values for term in read(text).terms]


@pytest.mark.parametrize("text", ["1951-52", "1951/52", "1951–1952", "1951 to 1952"])
def test_a_season_has_two_years(text: str) -> None:
    assert read(text).terms[0].values == (Range(Number(1951), Number(1952)),)


@pytest.mark.parametrize("text", ["5 and 7", "5, 7", "5 or 7"])
def test_other_numbers_stay_apart(text: str) -> None:
    assert not any(isinstance(value, Range) for term in read(text).terms for value in term.values)
