"""What stands for `auto` is the server's own, by method."""

from pathlib import Path

from runner.model.huggingface import HuggingFace
from runner.serve.app import shipped, shipped_preferences
from runner.serve.tuning_methods import DPO, SUPERVISED, Trainers, described, hyperparameters

TRAINERS = Trainers(shipped("lora"), shipped_preferences())
AUTO = {"n_epochs": "auto", "batch_size": "auto", "learning_rate_multiplier": "auto"}


def test_auto_is_what_the_runner_itself_would_take_and_no_batch_is_larger_than_the_file() -> None:
    usual = {"n_epochs": 7, "batch_size": 8, "learning_rate_multiplier": 1.0}
    assert TRAINERS.completed(SUPERVISED, AUTO, 100) == usual
    assert TRAINERS.completed(DPO, {**AUTO, "beta": "auto", "batch_size": 16}, 5) == {
        "n_epochs": 1,
        "batch_size": 16,
        "learning_rate_multiplier": 1.0,
        "beta": 0.1,
    }
    assert TRAINERS.completed(SUPERVISED, AUTO, 5) == {**usual, "batch_size": 5}


def test_a_task_has_the_rate_of_its_method_times_the_multiplier(tmp_path: Path) -> None:
    chosen = {"n_epochs": 2, "batch_size": 3, "learning_rate_multiplier": 10, "beta": 0.5}
    tasks = [
        TRAINERS.task({"method": described(method, chosen), "seed": 4}, HuggingFace(id="small"), tmp_path, tmp_path)
        for method in (SUPERVISED, DPO)
    ]
    assert [(task.tuner.epochs, task.tuner.batch, task.tuner.rate) for task in tasks] == [(2, 3, 2e-2), (2, 3, 2e-3)]
    assert [task.preferences and task.preferences.beta for task in tasks] == [None, 0.5]
    assert hyperparameters({"method": described(DPO, chosen)}) == chosen


def test_an_adapter_needs_the_weights_beside_which_it_will_be_loaded(tmp_path: Path) -> None:
    model = HuggingFace(id="small", tuned=str(tmp_path))
    assert "tuned in all its weights" in TRAINERS.refusal(model)
    assert Trainers(shipped("full"), shipped_preferences()).refusal(model) == ""
    (tmp_path / "adapter_config.json").write_text("{}")
    assert TRAINERS.refusal(model) == ""
