"""The report's colours: legible in both schemes, and named the same in both."""

import pytest

from runner.comparison.look import DARK, LIGHT, OWN, SERIES, Palette, settings

TEXT = ("ink", "quiet", "accent", "good", "bad", "warning")


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    dark, light = sorted([luminance(first), luminance(second)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "raised"])
def test_text_can_be_read_on_every_ground(palette: Palette, ground: str) -> None:
    assert {
        name: contrast(palette[name], palette[ground]) for name in TEXT if contrast(palette[name], palette[ground]) < 4.5
    } == {}


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_marks_stand_out_from_the_paper(palette: Palette) -> None:
    names = (*SERIES, "baseline")
    assert {
        name: contrast(palette[name], palette["paper"]) for name in names if contrast(palette[name], palette["paper"]) < 3
    } == {}


def test_every_colour_has_its_light_and_its_dark_form() -> None:
    assert set(LIGHT) == set(DARK) == set(OWN)


def test_charts_of_a_page_have_no_colour_of_their_own() -> None:
    assert "#" not in str(settings(OWN, "sans-serif"))
