"""Names that MLflow would refuse are changed, and kept apart."""

import pytest

from runner.tracker.mlflow import MLflow
from tests.tracker.given import ARM, found


@pytest.mark.parametrize(
    ("category", "fit"),
    [("Women's [2023] (final)", "Womens _2023_ _final_"), ("Größe: AXI/APB", "Größe: AXI/APB"), ("R&D, 50%", "R_D_ 50_")],
)
def test_a_category_that_mlflow_would_refuse_is_changed(tracker: MLflow, category: str, fit: str) -> None:
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.log({f"accuracy/{category}": 0.25}, {f"of {category}": 1})
    assert found(tracker).metrics == {f"accuracy/{fit}": 0.25}
    assert found(tracker).parameters == {f"of {fit}": "1"}


@pytest.mark.parametrize("category", ["???", "..", "/rtl", "a//b", "x" * 300], ids=lambda name: name[:8])
def test_a_category_that_is_no_path_or_too_long_is_changed(tracker: MLflow, category: str) -> None:
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.log({f"accuracy/{category}": 0.25}, {})
    assert list(found(tracker).metrics.values()) == [0.25]


def test_categories_that_differ_only_in_what_is_refused_keep_both_numbers(tracker: MLflow) -> None:
    with tracker.run("corpus", "k", "n", ARM) as run:
        run.log({"accuracy/C": 0.25, "accuracy/C++": 0.75}, {})
    assert sorted(found(tracker).metrics.values()) == [0.25, 0.75]
