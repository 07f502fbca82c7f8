"""Parts that charts share: rows of numbers, tooltips and panels."""

import altair as alt

from runner.comparison.marks import data, dots, faceted, interval, line, tooltip, upright
from tests.comparison.given import baseline, tuned
from tests.comparison.given import interval as given


def test_an_arm_belongs_to_its_line_or_stands_alone() -> None:
    assert (line(tuned("fact", "5x", 0.5)), line(baseline("rag dense", 0.5))) == ("fact", "rag dense")


def test_a_missing_accuracy_gives_a_row_no_numbers() -> None:
    assert (interval(None), set(interval(given(0.5)))) == ({}, {"accuracy", "low", "high"})


def test_a_tooltip_tells_an_accuracy_with_its_interval() -> None:
    assert [field.to_dict()["field"] for field in tooltip("arm", "accuracy")] == ["arm", "accuracy", "low", "high"]


def test_data_of_any_length_is_taken() -> None:
    assert len(data([{"at": at} for at in range(6000)]).to_dict()["values"]) == 6000


def test_dots_lie_on_the_bars_of_their_intervals() -> None:
    bars, points = (layer.to_dict()["encoding"] for layer in dots(alt.Chart(data([]))))
    assert (bars["x"]["field"], bars["x2"]["field"], points["x"]["field"]) == ("low", "high", "accuracy")


def test_an_upright_rule_has_its_name() -> None:
    rule, text = (layer.to_dict() for layer in upright({"floor": 0.8, "name": "floor"}, "floor", "floor", "floor-name"))
    assert (rule["encoding"]["x"]["field"], text["encoding"]["text"]["field"]) == ("floor", "name")


def test_panels_stand_in_the_given_order() -> None:
    layered = alt.LayerChart(layer=[alt.Chart().mark_point().encode(x="at:Q")])
    drawn = faceted(layered, [{"at": 1, "panel": "b"}, {"at": 2, "panel": "a"}], "panel", ["b", "a"]).to_dict()
    assert (drawn["facet"]["sort"], drawn["columns"]) == (["b", "a"], 2)
