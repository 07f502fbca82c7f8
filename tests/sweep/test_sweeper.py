"""What a sweep tells in the end: a comparison for each exam and grader, and what makes the command fail."""

import json
import pickle
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf

from runner.comparison import Arm, Comparison
from runner.config.messages import CONF
from runner.config.study import Study
from runner.errors import Fault
from runner.pipeline.tracking import arm
from runner.sweep.sweeper import Sweep, _preflight, arms, failures, report
from runner.tracker.mlflow import MLflow
from tests.comparison.given import baseline, empty, retention, sheet, tuned
from tests.config.test_study import made

FAILED, KILLED = (Arm(name=f"fact {status}", kind="tuned", status=status, run="1") for status in ("FAILED", "KILLED"))
FORGOT = replace(tuned("fact", "5x", 0.5), retention=retention(lost=30, floor=0.8))


def corpus(root: Path, *questions: str) -> list[str]:
    """A folder with an exam of these questions, chosen under a name that other such folders share."""
    (root / "documents").mkdir(parents=True)
    (root / "documents" / "cup.md").write_text("# Cup\n\nAda won.\n")
    (root / "exam.jsonl").write_text("".join(json.dumps({"question": asked, "answer": "Ada"}) + "\n" for asked in questions))
    return ["corpus=folder", f"corpus.path={root}", "corpus.title=cup"]


def study(uri: str, folder: Path, *overrides: str) -> Study:
    """A study whose baseline and tuned arm are tracked as if they had sat the exam."""
    found = made("baseline=base", *overrides, f"tracker.uri={uri}", f"store={folder}/store")
    for name, grades in (("base", "--"), ("tuned", "+-")):
        with arm(found, name) as run:
            if not run.finished:
                run.table("answers", sheet(grades))
    return found


def names(comparisons: Sequence[Comparison]) -> list[list[str]]:
    return [[arm.name for arm in comparison.arms] for comparison in comparisons]


def test_arms_that_sat_different_exams_are_in_different_comparisons(
    tracking_uri: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exams = [corpus(tmp_path / "one", "Who won?", "Who lost?"), corpus(tmp_path / "two", "Who won?", "Who played?")]
    found = report([study(tracking_uri, tmp_path, *exam) for exam in exams], "run.py -m")
    assert names(found) == [["base", "fact 5x"]] * 2
    assert found[0].exam != found[1].exam
    assert capsys.readouterr().out.count("Accuracy on 2 questions") == 2


def test_arms_that_were_graded_in_different_ways_are_in_different_comparisons(tracking_uri: str, tmp_path: Path) -> None:
    exam = corpus(tmp_path / "one", "Who won?", "Who lost?")
    found = report([study(tracking_uri, tmp_path, *exam, f"grader.words={words}") for words in (5, 9)], "run.py -m")
    assert [len(comparison.arms) for comparison in found] == [2, 2]


def test_arms_of_one_exam_are_in_one_comparison_with_their_baseline_once(
    tracking_uri: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exam = corpus(tmp_path / "one", "Who won?", "Who lost?")
    studies = [study(tracking_uri, tmp_path, *exam, f"size={size}") for size in ("5x", "1x")]
    (found,) = report(studies, "run.py -m size=5x,1x")
    assert names([found]) == [["base", "fact 5x", "fact 1x"]]
    assert (found.corpus, found.command) == ("cup", "run.py -m size=5x,1x")
    assert "mlflow ui" in capsys.readouterr().out


def test_an_arm_that_was_never_tracked_is_told_as_not_begun_and_makes_the_command_fail(
    tracking_uri: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exam = corpus(tmp_path / "one", "Who won?", "Who lost?")
    done = study(tracking_uri, tmp_path, *exam)
    new = made("baseline=base", *exam, "size=1x", f"tracker.uri={tracking_uri}", f"store={tmp_path}/store")
    found = report([done, new], "run.py -m")
    assert names(found) == [["base", "fact 5x", "fact 1x"]]
    assert failures(found) == "did not finish: fact 1x. The same command goes on from what is kept"
    assert "fact 1x: not begun, so it is compared with nothing." in capsys.readouterr().out


def test_a_store_that_can_not_be_written_is_told_before_a_sweep_starts(tmp_path: Path, student: list[str]) -> None:
    (tmp_path / "file").write_text("")
    store, uri = f"store={tmp_path}/file/store", f"tracker.uri=sqlite:///{tmp_path}/new/mlflow.db"
    with initialize_config_dir(str(CONF), version_base="1.3"):
        point = compose("config", overrides=[*student, store, uri], return_hydra_config=True)
    with pytest.raises(Fault, match=r"the store .*file/store can't be written"):
        _preflight([point])
    assert not (tmp_path / "new").exists()


@pytest.fixture
def sweep(tracking_uri: str, tmp_path: Path) -> Sweep:
    """A sweep whose runs have ended."""
    found = Sweep()
    found.studies, found.command = [study(tracking_uri, tmp_path, *corpus(tmp_path / "one", "Who won?"))], "run.py -m"
    found.open = ExitStack()
    found.run = found.open.enter_context(MLflow(uri=tracking_uri).run("cup", "sweep", "sweep", {"runner.kind": "sweep"}))
    return found


def test_an_error_at_the_end_of_a_sweep_ends_the_command_and_its_run(
    sweep: Sweep, tracking_uri: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SystemExit, match="1"):
        sweep.on_multirun_end(OmegaConf.create({"hydra": {"sweep": {"dir": f"{tmp_path}/file/sweep"}}}))
    assert "NotADirectoryError" in capsys.readouterr().err
    row = MLflow(uri=tracking_uri).find("cup", "sweep")
    assert row
    assert row.status == "FAILED"


def test_an_open_sweep_can_be_sent_to_another_process(sweep: Sweep) -> None:
    with sweep.open:
        sent = pickle.loads(pickle.dumps(sweep))
    assert (type(sent), vars(sent)) == (Sweep, {})


def test_the_baselines_arms_come_first_and_each_arm_once(tmp_path: Path) -> None:
    exam = corpus(tmp_path / "one", "Who won?")
    studies = [made(*exam, f"size={size}") for size in ("1x", "5x", "5x")]
    assert [key for _, key in arms(studies)] == [
        *(studies[0].key(name) for name in ("base", "rag")),
        *(study.key("tuned") for study in studies[:2]),
    ]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ([], ""),
        ([baseline("base", 0.1), tuned("fact", "5x", 0.5)], ""),
        ([FAILED, KILLED], "did not finish: fact FAILED, fact KILLED. The same command goes on from what is kept"),
        ([FORGOT], "failed the gate of retention.floor: fact 5x"),
        (
            [FAILED, FORGOT],
            "did not finish: fact FAILED. The same command goes on from what is kept\n"
            "failed the gate of retention.floor: fact 5x",
        ),
    ],
)
def test_arms_that_did_not_finish_or_failed_the_gate_make_the_command_fail(told: list[Arm], words: str) -> None:
    assert failures([replace(empty(), arms=[one]) for one in told]) == words
