"""The contract between the pipeline and its executors: each of them takes the same calls."""

import inspect
from typing import Any

import pytest

from runner.pipeline.executor import Executor, ModelAccess, OpenArm, Stage
from runner.pipeline.results import Output
from runner.pipeline.store_executor import BudgetedAccess, StoreExecutor
from runner.pipeline.tracking import TrackedArm
from runner.preview.forecast import ForecastAccess, ForecastArm, ForecastExecutor
from runner.sweep.plan import ArmLister, FinishedArm

CONTRACTS = [
    *((Executor, kind) for kind in (StoreExecutor, ForecastExecutor, ArmLister)),
    *((OpenArm, kind) for kind in (TrackedArm, ForecastArm, FinishedArm)),
    *((ModelAccess, kind) for kind in (BudgetedAccess, ForecastAccess)),
]


@pytest.mark.parametrize(("contract", "kind"), CONTRACTS, ids=lambda kind: kind.__name__)
def test_a_run_a_forecast_and_a_plan_take_the_same_calls(contract: Any, kind: Any) -> None:
    calls = {name: member for name, member in vars(contract).items() if inspect.isfunction(member) and name[0] != "_"}
    assert calls
    assert {name: list(inspect.signature(getattr(kind, name)).parameters) for name in calls} == {
        name: list(inspect.signature(member).parameters) for name, member in calls.items()
    }


def test_an_output_is_not_guessed_unless_it_says_so() -> None:
    assert (Output(value=1).guess, Output(value=1).key, Output(value=1).usage) == ("", "", ())


def test_a_stage_names_no_stand_in_and_asks_nobody_unless_it_says_so() -> None:
    stage = Stage(name="words", inputs=[1], make=lambda folder, access: None, read=lambda folder: None)
    assert (stage.asks, stage.stand_in, stage.training, stage.locks, stage.after) == (False, None, None, (), ())
