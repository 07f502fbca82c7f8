"""A comparison's figures: which there are, what they say in words, and their files."""

from dataclasses import replace
from pathlib import Path

import altair as alt
import pytest

from runner.comparison.figures import figures, write
from tests.comparison.given import HOSTILE, baseline, empty, small, tuned

PNG = b"\x89PNG\r\n\x1a\n"


def test_a_whole_comparison_has_every_figure_in_the_order_of_a_report() -> None:
    assert list(figures(small())) == ["curves", "categories", "coverage", "uptake", "retention", "tradeoff", "losses"]


def test_every_figure_is_what_the_schema_of_charts_allows() -> None:
    for figure in figures(small()).values():
        alt.Chart.from_dict(dict(figure.specification))  # raises where it is not


def test_a_figure_without_data_is_left_out() -> None:
    bare = replace(tuned("fact", "1x", 0.4), coverage=None, retention=None, losses=())
    assert list(figures(replace(small(), arms=[baseline("base", 0.1), bare]))) == ["curves", "categories"]
    assert figures(empty()) == {}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("curves", "fact 5x 62.0% (54.0 to 70.0) with 590 labels"),
        ("curves", "Baselines: base 8.0% (0.0 to 16.0); rag 72.0% (64.0 to 80.0)."),
        ("categories", "Boot: from 8.0% (base) to 72.0% (rag)."),
        ("coverage", "fact 5x 19 labelled and 9 answered of 30"),
        ("uptake", "91.0% trained, 63.3% taught and 12.0% untaught"),
        ("retention", "70.0% before, 60.0% after, kept 88.6% of the known, the floor is 80.0%"),
        ("losses", "fact 1x from 2.90 to 1.13 in 30 steps"),
    ],
)
def test_the_text_alternative_of_a_figure_tells_its_numbers(name: str, words: str) -> None:
    assert words in figures(small())[name].alternative


def test_each_figure_is_written_as_a_picture_of_its_own(tmp_path: Path) -> None:
    paths = write(small(), tmp_path / "figures")
    assert [path.stem for path in paths] == list(figures(small()))
    assert {path.read_bytes()[:8] for path in paths} == {PNG}


def test_names_that_look_like_code_are_drawn_as_text(tmp_path: Path) -> None:
    arm = replace(tuned("fact", "1x", 0.4), name=HOSTILE, line=HOSTILE, categories={HOSTILE: small().arms[0].categories["Boot"]})
    assert len(write(replace(small(), arms=[arm]), tmp_path)) == 6


def test_nothing_is_written_where_there_is_nothing_to_draw(tmp_path: Path) -> None:
    assert write(empty(), tmp_path) == []
