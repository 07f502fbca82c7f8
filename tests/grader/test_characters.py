"""Texts get one form of characters."""

import pytest

from runner.grader.characters import prepare


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("10⁶", "10^6"),
        ("3\u200b.3\u2060 V, 3\u200d3, Pa\u00adris", "3.3 V, 33, Paris"),
        ("I²C", "I2C"),
        ("2 +/- 1", "2 ± 1"),
        ("85 degrees Celsius", "85 °C"),
        ("USD 5", "$5"),
        ("Skagastølstind", "Skagastolstind"),
        ("A.J. Brown", "AJ Brown"),
        ("3V3", "3.3 V"),
        ("10k ohm", "10 kohm"),
        ("rear-view", "rear view"),
        ("only two—Hawaii", "only 2 - Hawaii"),
        ("1. Messi\n2. Kane", "Messi ; Kane"),
        ("2018. It was", "2018. It was"),
        ("mV", "mV"),
    ],
)
def test_characters_have_one_form(text: str, form: str) -> None:
    assert prepare(text) == form
