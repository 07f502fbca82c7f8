"""A host is asked for what it offers without a job; jobs themselves are tested with their tuner."""

from pathlib import Path
from typing import Any

import pytest

from runner.hosts.tuning_job import refused_method
from tests.conftest import Serving


def dpo(**hyper: float) -> dict[str, Any]:
    """A method with these hyper-parameters."""
    return {"type": "dpo", "dpo": {"hyperparameters": hyper}}


@pytest.mark.parametrize(
    ("method", "model", "reason"),
    [
        (dpo(beta=0.1, n_epochs=1), "small", ""),
        (dpo(beta=3), "small", "method.dpo.hyperparameters.beta: found 3, expected auto or a number above 0, up to 2"),
        ({"type": "reinforcement", "reinforcement": {}}, "small", "method.type: Input should be 'supervised' or 'dpo'"),
        (dpo(beta=0.1), "other", "no model 'other' is served here; there are small"),
    ],
)
def test_a_host_tells_what_it_does_not_offer_and_begins_nothing(
    serving: Serving, tmp_path: Path, method: dict[str, Any], model: str, reason: str
) -> None:
    with serving(tmp_path) as client:
        assert refused_method(client, model, method) == reason
        assert (list(client.fine_tuning.jobs.list()), list(client.files.list())) == ([], [])


def test_a_host_that_is_away_or_takes_no_key_refuses_no_method(serving: Serving, tmp_path: Path) -> None:
    with serving(tmp_path, key="secret") as client:
        assert refused_method(client.with_options(api_key="another"), "small", dpo()) == ""
    assert refused_method(client, "small", dpo()) == ""
