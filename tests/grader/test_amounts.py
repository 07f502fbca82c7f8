"""A number has all its readings."""

import pytest

from runner.grader.quantities import Quantity, units
from runner.grader.reading import read
from runner.grader.values import Number, Value


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("64-bit", [Quantity(64, units("bit"))]),
        ("40h", [Quantity(40, units("h")), Number(64)]),
        ("1K", [Quantity(1, units("K")), Number(1000), Number(1024)]),
        ("$5 million", [Quantity(5_000_000, units("$"))]),
        ("6th", [Number(6, True)]),
        ("5 at", [Number(5)]),
        ("5e3", [Number(5000)]),
    ],
)
def test_a_number_has_its_readings(text: str, values: list[Value]) -> None:
    assert list(read(text).terms[0].values) == values


def test_a_number_within_a_name_is_none() -> None:
    assert [term.values for term in read("BOOT00").terms] == [(), ()]
    assert read("in2013").terms[1].values == (Number(2013),)
