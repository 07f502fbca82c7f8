"""Learning curves: where lines, bands, sizes and baselines come from."""

from dataclasses import replace
from typing import Any

from runner.comparison import Arm, Comparison
from runner.comparison.curves import curves, swept
from runner.comparison.figures import figures
from tests.comparison.given import baseline, empty, large, small, tuned


def drawn(comparison: Comparison) -> dict[str, Any]:
    chart = curves(comparison)
    assert chart is not None
    return chart.to_dict()


def rows(comparison: Comparison, *fields: str) -> list[tuple[Any, ...]]:
    """The rows of the chart's data with all these fields."""
    values = [row for dataset in drawn(comparison)["datasets"].values() for row in dataset]
    return [tuple(row[field] for field in fields) for row in values if set(fields) <= set(row)]


def test_each_tuned_arm_is_a_point_of_its_line_at_its_number_of_labels() -> None:
    points = rows(small(), "line", "size", "place", "accuracy")
    assert sorted(points) == [
        ("fact", "1x", 120, 0.41),
        ("fact", "5x", 590, 0.62),
        ("token", "1x", 120, 0.38),
        ("token", "5x", 590, 0.55),
    ]


def test_baselines_lie_across_with_their_names_and_intervals() -> None:
    points = [row for row in rows(small(), "arm", "low", "high", "written") if row[3] not in ("above", "below")]
    assert [(name, round(low, 2), round(high, 2)) for name, low, high, _ in points] == [("base", 0.0, 0.16), ("rag", 0.64, 0.8)]


def test_names_of_baselines_that_are_nearly_as_good_do_not_cover_each_other() -> None:
    arms = [baseline("rag lexical", 0.7), baseline("rag dense", 0.71), tuned("fact", "1x", 0.4)]
    low, high = (row[1] for row in rows(replace(small(), arms=arms), "arm", "written") if row[0].startswith("rag"))
    assert high - low > 0.04


def test_few_lines_have_bands_and_many_have_bars() -> None:
    assert ({row[0] for row in rows(small(), "banded")}, {row[0] for row in rows(large(questions=1), "banded")}) == (
        {True},
        {False},
    )


def test_a_line_of_one_size_has_a_bar_for_there_is_no_band_of_one_point() -> None:
    assert rows(replace(small(), arms=[tuned("fact", "1x", 0.4)]), "banded") == [(False,)]


def test_label_counts_that_are_far_apart_stand_on_a_logarithmic_axis() -> None:
    near, far = tuned("fact", "1x", 0.4), tuned("fact", "5x", 0.6)
    assert far.budget
    wide = replace(small(), arms=[near, replace(far, budget=replace(far.budget, labels=12000))])
    kinds = [
        [layer["encoding"]["x"].get("scale") for layer in drawn(comparison)["layer"] if "x" in layer["encoding"]]
        for comparison in (small(), wide)
    ]
    assert ({"type": "log"} in kinds[0], {"type": "log"} in kinds[1]) == (False, True)


def test_without_a_graded_tuned_arm_there_are_no_curves() -> None:
    assert [curves(empty()), curves(replace(small(), arms=[baseline("base", 0.1)]))] == [None, None]


def ranks(*values: str, size: str = "5x", setting: str = "tuner.rank") -> list[Arm]:
    """Arms of one size that differ in a setting alone."""
    one = tuned("fact", size, 0.4)
    named = [(value, f"fact {size} {setting}={value}") for value in values]
    return [replace(one, name=name, line=f"fact {setting}={value}", varied={setting: value}) for value, name in named]


def test_a_sweep_over_a_number_is_drawn_over_that_number_and_not_over_its_one_size() -> None:
    sweep = replace(small(), arms=ranks("8", "16", "32"))
    assert swept(sweep) == ["tuner.rank"]
    assert curves(sweep) is None
    chart = curves(sweep, "tuner.rank")
    assert chart
    values = [row for dataset in chart.to_dict()["datasets"].values() for row in dataset]
    assert [(row["line"], row["place"], row["banded"]) for row in values] == [("fact 5x", at, True) for at in (8.0, 16.0, 32.0)]
    assert [name for name in figures(sweep) if name.startswith("curves")] == ["curves-tuner.rank"]


def test_sizes_and_a_number_are_drawn_over_both() -> None:
    sweep = replace(small(), arms=[*ranks("8", "16"), *ranks("8", "16", size="1x")])
    assert [name for name in figures(sweep) if name.startswith("curves")] == ["curves", "curves-tuner.rank"]


def test_seeds_and_words_are_no_axis() -> None:
    assert swept(replace(small(), arms=ranks("0", "1", setting="seed"))) == []
    assert swept(replace(small(), arms=ranks("8", "auto"))) == []
