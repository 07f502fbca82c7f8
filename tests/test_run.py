"""The command in a process of its own: its words, its speed and its exit code, also where it can't begin."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from mlflow import MlflowClient

from runner.run import main
from runner.tracker.mlflow import MLflow
from tests import command
from tests.command import Done
from tests.teacher import corpus, taught_by, teaching

QUICK = 90  # seconds, on a busy machine; the command itself takes from one to ten


def run(folder: Path, *overrides: str, seconds: float = QUICK) -> Done:
    """The command in `folder`, with its store there, and without any key."""
    return command.run(overrides, folder, surroundings(folder), seconds)


def surroundings(folder: Path) -> dict[str, str]:
    """The environment of a command: a store of its own, and no key."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "MLFLOW_", "HYDRA_"))}
    return kept | {"RUNNER_STORE": str(folder / "store"), "HF_HUB_OFFLINE": "1"}


def refused(done: Done, *words: str) -> None:
    """It failed, in words, with all of these among them."""
    output = done.stdout + done.stderr
    assert done.returncode not in (0, None), output
    assert "Traceback" not in output
    assert [word for word in words if word not in output] == []


@pytest.mark.parametrize("several", [[], ["-m"]], ids=["one", "sweep"])
@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        (["method=nope"], ["method=nope: no such choice", "fact", "human", "token"]),
        (["+tuner.rnak=8"], ["tuner.rnak: no such setting"]),
        (["tuner.rnak=8"], ["tuner.rnak: no such setting. Did you mean tuner.rank?"]),
        (["tuner.rank=lots"], ["tuner.rank: found 'lots', expected a valid integer"]),
        (["corpus=folder", "corpus.path=nowhere"], ["corpus.path=nowhere: no such folder", "documents"]),
        (["retention.path=nowhere"], ["retention.path=nowhere: no such folder", "exam.jsonl"]),
        (["seeds=0"], ["seeds: found 0, expected a whole number from 1 to 1000, or auto"]),
        (["record=/dev/null/said"], ["record=/dev/null/said: can't be written", "Name another folder"]),
    ],
    ids=["choice", "setting", "misspelt", "word", "corpus", "retention", "seeds", "record"],
)
def test_a_fault_in_the_settings_is_put_in_words(
    tmp_path: Path, student: list[str], tracking_uri: str, several: list[str], overrides: list[str], words: list[str]
) -> None:
    done = run(tmp_path, *several, *student, f"tracker.uri={tracking_uri}", *overrides)
    refused(done, *words)


def test_a_method_of_ones_own_is_found_where_the_command_is_started_and_faults_of_its_yaml_have_a_place(tmp_path: Path) -> None:
    (tmp_path / "mine" / "method").mkdir(parents=True)
    (tmp_path / "our_package.py").write_text(
        "from runner.component import component\n\n\n@component\nclass Ours:\n    word: str\n\n"
        "    def label(self, material, teacher, scale):\n        raise NotImplementedError\n"
    )
    (tmp_path / "mine" / "method" / "ours.yaml").write_text("_target_: our_package.Ours\nword: 5\n")
    own = ["--config-dir=mine", *corpus(tmp_path), "method=ours"]
    refused(run(tmp_path, *own), "method.word: found 5, expected a valid string")
    (tmp_path / "mine" / "method" / "ours.yaml").write_text("_target_: our_package.Ours\n  word: Recite\n")
    done = run(tmp_path, *own)
    refused(done, f"{tmp_path}/mine/method/ours.yaml:2:7: not yaml: mapping values are not allowed here")
    assert len(done.stderr.splitlines()) == 1


def test_a_sweep_says_the_faults_of_all_its_points_each_once(tmp_path: Path, student: list[str], tracking_uri: str) -> None:
    done = run(tmp_path, "-m", *student, f"tracker.uri={tracking_uri}", "size.scale=0,-1", "tuner.rank=lots,16")
    refused(done)
    faults = [line for line in done.stderr.splitlines() if ": found " in line]
    assert sorted(faults) == [
        "size.scale: found -1, expected greater than 0",
        "size.scale: found 0, expected greater than 0",
        "tuner.rank: found 'lots', expected a valid integer",
    ]


def test_a_dead_tracking_server_ends_a_sweep_within_seconds(tmp_path: Path, student: list[str]) -> None:
    # MLflow alone would try for minutes, and the command would be stopped after QUICK.
    done = run(tmp_path, "-m", *student, "tracker.uri=http://127.0.0.1:9", "size=1x,5x")
    refused(done, "no MLflow server answers at http://127.0.0.1:9", "tracker.uri=sqlite:///mlruns/mlflow.db")


def test_a_dead_tracking_server_ends_one_run_within_seconds(tmp_path: Path, student: list[str]) -> None:
    done = run(tmp_path, *student, "tracker.uri=http://127.0.0.1:9")
    refused(done, "no MLflow server answers at http://127.0.0.1:9")


@pytest.mark.parametrize("several", [[], ["-m"]], ids=["one", "sweep"])
def test_a_tracking_store_that_can_not_be_made_is_refused_in_words(
    tmp_path: Path, student: list[str], several: list[str]
) -> None:
    (tmp_path / "file").write_text("")
    refused(run(tmp_path, *several, *student, f"tracker.uri=sqlite:///{tmp_path}/file/mlflow.db"), "tracker.uri=")


@pytest.mark.parametrize("several", [[], ["-m"]], ids=["one", "sweep"])
def test_human_labels_of_a_corpus_without_any_are_missed_before_a_model_is_loaded(
    tmp_path: Path, student: list[str], tracking_uri: str, several: list[str]
) -> None:
    (tmp_path / "docs" / "documents").mkdir(parents=True)
    (tmp_path / "docs" / "documents" / "a.md").write_text("# A\n\nThe sky is blue.\n")
    (tmp_path / "docs" / "exam.jsonl").write_text('{"question": "What is the sky?", "answer": "blue"}\n')
    corpus = ["corpus=folder", "corpus.path=docs", "method=human", "retriever=lexical"]
    refused(run(tmp_path, *several, *student, *corpus, f"tracker.uri={tracking_uri}"), "method=human needs", "labels.jsonl")


def test_a_budget_in_which_no_label_fits_ends_the_run_and_says_why(tmp_path: Path, student: list[str], tracking_uri: str) -> None:
    done = run(tmp_path, *student, "size=tokens", "size.tokens=1", f"tracker.uri={tracking_uri}")
    refused(done, "no label is left to train on. 1 label tokens asked for, the first label holds ")


@pytest.fixture
def signals() -> Iterator[None]:
    """Signals do afterwards what they did before."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.usefixtures("signals")
def test_a_request_to_end_stops_the_command_as_ctrl_c_does(
    tracking_uri: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tracker = MLflow(uri=tracking_uri)

    def job() -> None:
        with tracker.run("corpus", "k", "n", {"runner.kind": "arm"}):
            signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr("runner.run.compose", job)
    monkeypatch.setattr("runner.run.accepted", lambda words: True)
    monkeypatch.setattr(sys, "argv", ["run.py"])
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setenv("HYDRA_FULL_ERROR", "0")
    with pytest.raises(SystemExit, match="143"):
        main()
    assert "the same command goes on from what is kept" in capsys.readouterr().err
    row = tracker.find("corpus", "k")
    assert row
    assert row.status == "KILLED"


@pytest.mark.parametrize("several", [[], ["-m"]], ids=["one", "sweep"])
def test_a_teacher_without_a_key_ends_the_command_before_anything_is_tracked(
    tmp_path: Path, student: list[str], tracking_uri: str, several: list[str]
) -> None:
    done = run(tmp_path, *several, *student, f"tracker.uri={tracking_uri}", "model@teacher=openai", "size=1x")
    refused(
        done, "model@teacher=openai: gpt-5-mini needs a key in the environment variable OPENAI_API_KEY", "export OPENAI_API_KEY="
    )
    assert done.stderr.count("needs a key") == 1
    assert not (tmp_path / "store" / "replies").exists()
    client = MlflowClient(tracking_uri)
    assert client.search_runs([experiment.experiment_id for experiment in client.search_experiments()]) == []


@pytest.mark.parametrize("several", [[], ["-m"]], ids=["one", "sweep"])
def test_a_preview_shows_what_is_left_asks_nobody_and_tracks_nothing(tmp_path: Path, several: list[str]) -> None:
    common = [*corpus(tmp_path), *taught_by("http://127.0.0.1:9/v1"), f"tracker.uri=sqlite:///{tmp_path}/new/mlflow.db"]
    done = run(tmp_path, *several, *common, "preview=true", "method=fact", "size=5x")
    assert done.returncode == 0, done.stderr
    assert ["fact 5x" in done.stdout, "gpt-5-mini" in done.stdout, "about 6" in done.stdout] == [True, True, True]
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "store" / "replies").exists()


def test_a_command_that_reaches_its_budget_ends_failed_with_the_reason_and_keeps_what_it_paid_for(
    tmp_path: Path, tracking_uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with teaching() as (url, asked):
        common = [*corpus(tmp_path), *taught_by(url, "teacher.key=TEACHER_KEY"), f"tracker.uri={tracking_uri}", "method=fact"]
        monkeypatch.setenv("TEACHER_KEY", "sk-test")
        done = run(tmp_path, *common, "budget.requests=5", seconds=2 * QUICK)
    refused(done, "stopped before the budget is passed: this command used 5 of budget.requests=5", "run.py corpus=folder")
    assert (len(asked), len(list((tmp_path / "store" / "replies").glob("*/*.json")))) == (5, 5)
    client = MlflowClient(tracking_uri)
    (row,) = client.search_runs([client.get_experiment_by_name("docs").experiment_id])
    assert (row.info.status, "budget.requests=5" in row.data.tags["runner.reason"]) == ("FAILED", True)


def test_help_lists_every_group_and_six_examples_from_any_folder_and_as_a_module_too(tmp_path: Path) -> None:
    done = run(tmp_path, "--help")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    for group in (
        "baseline",
        "corpus",
        "grader",
        "method",
        "metric",
        "model",
        "retention",
        "retriever",
        "size",
        "tracker",
        "tuner",
    ):
        assert any(line.startswith(f"{group}: ") for line in lines)
    assert sum(line.startswith("  run.py ") for line in lines) == 6
    # The installed command, which the other tests fork for the sake of speed.
    script = [str(Path(sys.executable).with_name("run.py")), "--help"]
    assert subprocess.run(script, cwd=tmp_path, env=surroundings(tmp_path), capture_output=True, text=True).stdout == done.stdout


TRACKED = """
import sys
from hydra import compose, initialize_config_dir
from runner.config.messages import CONF
from runner.config.build import build
for point in sys.argv[2:]:
    overrides = [*sys.argv[1].split("|"), *point.split("|")]
    with initialize_config_dir(str(CONF), version_base="1.3"):
        cfg = compose("config", overrides=overrides, return_hydra_config=True)
    study = build(cfg, cfg.hydra.runtime.choices, overrides)
    for name in (*study.baseline, "tuned"):
        tags = {"runner.kind": "arm", "runner.arm": name}
        with study.tracker.run(study.corpus.name, study.key(name), name, tags) as run:
            if not run.finished:
                row = {"id": "q", "question": "Who?", "reference": "Ada", "answer": "Ada", "grade": "pass", "training": 1}
                run.table("answers", [{**row, "fact": "", "category": "cup"}])
                run.log({"accuracy": 1.0}, {"method": "fact", "size": study.size.name, "labels": 1} if name == "tuned" else {})
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("axis", "points", "reports"),
    [
        pytest.param("size=1x,5x", ["size=1x", "size=5x"], 1, id="sizes"),
        pytest.param("corpus=quick,sports", ["corpus=quick", "corpus=sports"], 2, id="corpora"),
    ],
)
def test_a_sweep_that_was_finished_before_is_only_compared(
    tmp_path: Path, student: list[str], tracking_uri: str, axis: str, points: list[str], reports: int
) -> None:
    common = [*student, f"tracker.uri={tracking_uri}", f"store={tmp_path}/store"]
    code = [sys.executable, "-c", TRACKED, "|".join(common), *points]
    subprocess.run(code, cwd=tmp_path, env=surroundings(tmp_path), check=True)
    done = run(tmp_path, "-m", *common, axis)
    assert done.returncode == 0, done.stderr
    assert "did not finish" not in done.stderr
    assert done.stdout.count("100.0") >= len(points) + 2
    assert len(list(tmp_path.glob("mlruns/hydra/*/*/report*.html"))) == reports


@pytest.mark.slow
def test_the_papers_study_is_a_sweep_without_a_flag_or_a_plus_sign(tmp_path: Path, student: list[str]) -> None:
    small = ["corpus.documents=[cricket-world-cup-2023]", "retriever=lexical", "retention=none", "preview=true"]
    done = run(tmp_path, *student, *small, f"tracker.uri=sqlite:///{tmp_path}/new/mlflow.db", "experiment=paper")
    assert done.returncode == 0, done.stderr
    arms = [f"{method} {size}" for method in ("token", "fact") for size in ("1x", "5x", "10x")]
    assert f"6 runs, 8 arms: base, rag, {', '.join(arms)}" in done.stdout


@pytest.mark.parametrize("several", [[], ["-m"]], ids=["one", "sweep"])
def test_what_is_wrong_before_any_work_has_an_exit_code_of_its_own(tmp_path: Path, several: list[str]) -> None:
    done = run(tmp_path, *several, "seeds=0", f"tracker.uri=sqlite:///{tmp_path}/new/mlflow.db")
    refused(done, "seeds: found 0")
    assert done.returncode == 2


def test_a_sweep_over_an_interval_is_refused_in_words(tmp_path: Path) -> None:
    done = run(tmp_path, "-m", "tuner.rate=interval(0,1)")
    refused(done, "tuner.rate=interval(0,1): found an interval", "tuner.rate=1,2,3")
    assert done.returncode == 2
