"""The renderer is a process of its own: what ends it leaves out a figure, and nothing else."""

import logging
import resource
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from runner.comparison import renderer
from runner.comparison.figures import figures, write
from runner.comparison.renderer import draw, script
from tests.comparison.given import small, tuned

NAME = "Pressure \x1b relief \x00 \ufffe \ud83d"


def test_a_category_with_characters_that_xml_can_not_hold_is_drawn(tmp_path: Path) -> None:
    arm = replace(tuned("fact", "1x", 0.4), name=NAME, line=NAME, categories={NAME: small().arms[0].categories["Boot"]})
    comparison = replace(small(), arms=[arm])
    assert [path.stem for path in write(comparison, tmp_path)] == list(figures(comparison))
    assert "\x1b" not in str(figures(comparison)["categories"].specification)


def test_a_chart_that_ends_the_renderer_is_left_out_and_named_and_the_others_are_drawn(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    charts = {"one": {"mark": "point", "data": {"values": [{}]}}, "two": {"mark": "no such mark", "data": {"values": 1}}}
    (tmp_path / "two.png").write_text("of an earlier report")
    assert [path.name for path in draw({**charts, "three": charts["one"]}, tmp_path)] == ["one.png", "three.png"]
    assert "the figure two could not be drawn and is left out: the renderer ended with" in caplog.text


def test_a_process_that_may_not_have_the_memory_draws_no_figure_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    start = subprocess.run

    def starved(*command: object, **options: object) -> object:
        limit = 300_000_000
        return start(*command, **options, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))

    monkeypatch.setattr(renderer.subprocess, "run", starved)
    assert (draw({"one": {"mark": "point"}}, tmp_path), script(tmp_path)) == ([], "")
    assert ["the figure one could not be drawn" in caplog.text, "the report has no figures" in caplog.text] == [True, True]


def test_a_renderer_that_can_not_be_started_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nothing"))
    with caplog.at_level(logging.WARNING):
        assert draw({"one": {"mark": "point"}}, tmp_path) == []
    assert "No such file or directory" in caplog.text
