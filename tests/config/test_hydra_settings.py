"""A config of somebody else can't make Hydra run code."""

from pathlib import Path

import pytest
from hydra.errors import HydraException

from runner.config.compose import composed
from runner.errors import InvalidInput

CALL = "{_target_: pathlib.Path.touch, self: {_target_: pathlib.Path, _args_: [MARK]}}"


@pytest.mark.parametrize(
    "settings",
    [
        "callbacks: {ours: CALL}",
        "callbacks: {ours: {_target_: hydra.experimental.callbacks.LogJobReturnCallback, more: CALL}}",
        "launcher: {n_jobs: [[CALL]]}",
        "sweeper: {more: CALL}",
        "sweeper: {more: '${evil}'}",
        "job_logging: {formatters: {plain: {(): pathlib.Path}}}",
        "job_logging: {formatters: {plain: {class: os.system}}}",
        "hydra_logging: {handlers: {console: {class: subprocess.Popen, args: [touch, MARK]}}}",
        "hydra_logging: {filters: {ours: {(): pathlib.Path}}}",
        "job_logging: {handlers: {console: {'.': {namer: 'ext://os.system'}}}}",
        "job_logging: {handlers: {console: {stream: 'ext://os.system'}}}",
        "job: {env_set: {GIT_CONFIG_COUNT: 1, GIT_CONFIG_KEY_0: core.fsmonitor, GIT_CONFIG_VALUE_0: touch MARK}}",
        "job: {env_set: '${oc.decode:\"{PYTHONPATH: theirs}\"}'}",
        "job: {env_set: {LD_PRELOAD: theirs.so}}",
        "job: {env_set: {HOME: theirs}}",
    ],
)
@pytest.mark.parametrize("words", [["--cfg", "job"], ["preview=true"], ["-m", "seed=0,1"]], ids=["cfg", "preview", "sweep"])
def test_code_in_hydras_part_is_refused_before_hydra_follows_it(settings: str, words: list[str], tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    (tmp_path / "experiment").mkdir()
    text = f"# @package _global_\nevil: CALL\nhydra:\n  {settings}\n".replace("CALL", CALL).replace("MARK", str(mark))
    (tmp_path / "experiment" / "theirs.yaml").write_text(text)
    words = [f"--config-dir={tmp_path}", "experiment=theirs", *words]
    # Hydra itself refuses some of them when it composes the config.
    with pytest.raises((InvalidInput, HydraException)), composed(words):
        pass
    assert not mark.exists()


def test_what_hydra_ships_and_plain_log_files_stay_allowed() -> None:
    words = [
        "+hydra.callbacks.ours={_target_: hydra.experimental.callbacks.LogJobReturnCallback}",
        "hydra/job_logging=default",
        "hydra/hydra_logging=default",
        "hydra/sweeper=basic",
        "+hydra.job.env_set={OMP_NUM_THREADS: 2, CUDA_VISIBLE_DEVICES: 0, HF_HOME: cache, MLFLOW_HTTP_REQUEST_TIMEOUT: 9}",
    ]
    with composed(words) as config:
        assert "ours" in config.hydra.callbacks
