"""A launcher whose package is missing is refused, with the command that installs it."""

import pytest

from runner.errors import InvalidInput
from runner.launcher import installed
from runner.sweep.acceptance import accepted
from tests.sweep.given import point

CHOICES = ("local", "processes", "slurm", "ray")


@pytest.mark.parametrize("choice", ["slurm", "ray"])
def test_a_sweep_names_the_package_that_its_launcher_lacks(choice: str, monkeypatch: pytest.MonkeyPatch) -> None:
    package = {"slurm": "submitit", "ray": "ray"}[choice]
    monkeypatch.setattr(installed, "find_spec", lambda name: None)
    with pytest.raises(InvalidInput) as caught:
        accepted(["-m", "size=1x,5x", f"hydra/launcher={choice}"])
    assert str(caught.value) == (
        f"hydra/launcher={choice} needs the package {package}, not installed here: pip install 'experiment-runner[{choice}]'. "
        "hydra/launcher=local and processes need none"
    )


@pytest.mark.parametrize("choice", CHOICES)
def test_every_launcher_composes_and_is_accepted_where_its_package_is_installed(
    choice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installed, "find_spec", lambda name: object())
    config = point(f"hydra/launcher={choice}")
    assert config.hydra.runtime.choices["hydra/launcher"] == choice
    installed.check_launcher(config.hydra)


def test_a_sweep_is_launched_in_the_process_of_the_command_by_default() -> None:
    assert point().hydra.runtime.choices["hydra/launcher"] == "local"
    # Hydra's own name of it works too.
    assert point("hydra/launcher=basic").hydra.launcher == point().hydra.launcher
