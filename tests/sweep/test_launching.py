"""The points of a sweep are launched; with seeds=auto those that are not decided once more, with more trainings."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hydra.core.utils import JobReturn

from runner.commands.compare_runs import past_comparison
from runner.comparison import Comparison
from runner.data.records import Tuning
from runner.data.training import Supervised
from runner.sweep.report import collected
from runner.sweep.sweeper import sweep
from runner.tracker.mlflow import MLflow
from tests.sweep.given import Launcher, SkilledModel, SkilledTuner, composed, skilled

AXES = ("tuner.skill=0.2,0.65,0.9", "tuner.spread=0.03", "seeds=auto", "most_seeds=4")
NAMES = [f"human 5x tuner.skill={skill}" for skill in (0.2, 0.65, 0.9)]


def swept(common: list[str], stop: bool = False) -> tuple[list[tuple[int, list[list[str]]]], list[Comparison]]:
    """Run the sweep; return first number and last words of each launch, and the comparisons.

    With `stop`, the user stops it when arms are trained again.
    """
    with composed(*common) as config, collected() as comparisons:
        launcher = Launcher(config)

        def launch(points: Sequence[Sequence[str]], first: int, task: Any) -> list[JobReturn]:
            if stop and points[0][-1] == "seeds=4":
                raise KeyboardInterrupt
            return launcher(points, first, task)

        arguments = [*(override for override in common if not override.startswith("hydra.")), *AXES]
        try:
            sweep(config, arguments, launch)
        except KeyboardInterrupt:
            assert stop
    words = [
        (first, [[word for word in point if word.startswith(("tuner.skill", "seeds"))] for point in points])
        for _, first, points in launcher.jobs
    ]
    return words, comparisons


@pytest.mark.slow
def test_only_undecided_arms_are_trained_again_and_a_stopped_sweep_goes_on(
    tmp_path: Path, tracking_uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    common, trained, tune = skilled(tmp_path, tracking_uri), list[tuple[float, int]](), SkilledTuner.tune

    def counted(self: SkilledTuner, model: SkilledModel, examples: Sequence[Supervised], seed: int, folder: Path) -> Tuning:
        trained.append((self.skill, seed))
        return tune(self, model, examples, seed, folder)

    monkeypatch.setattr(SkilledTuner, "tune", counted)
    launches, _ = swept(common, stop=True)
    every = [[f"tuner.skill={skill}", "seeds=2"] for skill in (0.2, 0.65, 0.9)]
    assert launches == [(3, every[:1]), (0, every)]
    assert trained == [(skill, seed) for skill in (0.2, 0.65, 0.9) for seed in (0, 1)]
    trained.clear()

    # The arm at 0.2 is dropped: it is worse than the one at 0.9. The others have two trainings, and get two more.
    launches, (comparison,) = swept(common)
    again = [[f"tuner.skill={skill}", "seeds=4"] for skill in (0.65, 0.9)]
    assert launches == [(0, every), (6, again)]
    assert trained == [(skill, seed) for skill in (0.65, 0.9) for seed in (2, 3)]
    assert [(arm.name, len(arm.seeds), arm.ended) for arm in comparison.arms] == [
        ("base", 0, ""),
        (NAMES[0], 2, f"worse than {NAMES[2]}"),
        (NAMES[1], 4, f"worse than {NAMES[2]}"),
        (NAMES[2], 4, "decided"),
    ]
    # The looks after 2 and 4 trainings share the error of 5%.
    assert comparison.error == pytest.approx(0.05 * 4 / 6)
    assert all(pair.difference.error <= comparison.error for pair in comparison.pairs)
    runs = MLflow(uri=tracking_uri).history()
    (parent,) = [run for run in runs if run.tags["runner.kind"] == "sweep"]
    assert {run.tags["mlflow.parentRunId"] for run in runs if run.tags["runner.kind"] == "arm"} == {parent.id}
    # A comparison of past runs has the arms with all their trainings once, at the same error.
    past, _ = past_comparison([parent.id], common, "run.py --compare")
    assert [(len(arm.seeds), arm.accuracy) for arm in past.arms] == [(len(arm.seeds), arm.accuracy) for arm in comparison.arms]
    assert [pair.difference for pair in past.pairs] == [pair.difference for pair in comparison.pairs]
    assert past.looks == (2, 4)


@pytest.mark.slow
def test_the_same_sweep_again_trains_nothing_and_compares_alike(
    tmp_path: Path, tracking_uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    common = skilled(tmp_path, tracking_uri)
    _, (comparison,) = swept(common)
    monkeypatch.setattr(SkilledTuner, "tune", lambda self, model, examples, seed, folder: pytest.fail("tuned again"))
    _, (same,) = swept(common)
    assert [same.arms, same.pairs, same.notes] == [comparison.arms, comparison.pairs, comparison.notes]
