"""A sweep: every point checked, shared work, then the arms, one comparison."""

import re
import shutil
from pathlib import Path

import pytest
from hydra.core.utils import JobReturn

from runner.commands.compare_runs import compare_runs
from runner.config import sections
from runner.config.study import Study
from runner.corpus.folder import Folder
from runner.data.records import Material
from runner.errors import Fault, InvalidInput
from runner.sweep.jobs import ArmJob, LabelJob, SharedJob
from runner.sweep.sweeper import sweep
from runner.tracker.mlflow import MLflow
from tests import given
from tests.examiner import wrote
from tests.sweep.given import Launcher, QuickTuner, composed, quick
from tests.teacher import corpus, taught_by, teaching


@pytest.fixture
def common(tmp_path: Path, tracking_uri: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A run that takes a second; what Hydra writes lies in the test's folder."""
    monkeypatch.chdir(tmp_path)
    return quick(tmp_path, tracking_uri)


def arguments(common: list[str], *axes: str) -> list[str]:
    """The overrides of a sweep, without those of Hydra itself."""
    return [*(override for override in common if not override.startswith("hydra.")), *axes]


def test_shared_work_comes_first_then_the_arms_then_one_comparison(
    common: list[str], tracking_uri: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with composed(*common) as config:
        launcher = Launcher(config)
        jobs = sweep(config, arguments(common, "size=1x,5x"), launcher)
    (shared, numbered_from, large), (arms, first, every) = launcher.jobs
    assert isinstance(shared, SharedJob)
    assert isinstance(arms, ArmJob)
    # Behind the arms, so that job number 1 is the second point.
    assert (numbered_from, first) == (2, 0)
    assert ([point[-1] for point in large], [point[-1] for point in every]) == (["size=5x"], ["size=1x", "size=5x"])
    assert [job.return_value for job in jobs] == ["", ""]
    output = capsys.readouterr().out
    assert [word in output for word in ("human 1x", "human 5x", "base", "rag", "Recommendation")] == [True] * 5
    assert list(Path("mlruns/hydra").glob("*/*/report.html"))


@pytest.mark.slow
def test_the_same_sweep_again_launches_no_shared_work(common: list[str]) -> None:
    for launches in (2, 1):
        with composed(*common) as config:
            launcher = Launcher(config)
            sweep(config, arguments(common, "size=1x,5x"), launcher)
        assert len(launcher.jobs) == launches


@pytest.mark.slow
def test_a_sweep_reads_its_corpus_once_in_all_its_jobs(common: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    read, reads = Folder.read, list[str]()

    def counted(self: Folder) -> Material:
        reads.append(self.path)
        return read(self)

    def another_process() -> None:
        monkeypatch.setattr(sections, "_read", {})

    monkeypatch.setattr(Folder, "read", counted)
    another_process()
    with composed(*common) as config:
        launcher = Launcher(config, before=another_process)
        sweep(config, arguments(common, "size=1x,5x", "seed=0,1"), launcher)
    assert sum(len(points) for _, _, points in launcher.jobs) > 4
    assert len(reads) == 1


def test_a_point_that_is_wrong_stops_the_sweep_before_any_job(common: list[str], tracking_uri: str) -> None:
    with composed(*common) as config, pytest.raises(InvalidInput, match="seeds: found 0"):
        sweep(config, arguments(common, "seeds=1,0"), Launcher(config))
    assert MLflow(uri=tracking_uri).find("cup", "any") is None


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ("preview=true", "2 runs, 4 arms: base, rag, human 1x, human 5x"),
        ("power=true", "cup: 2 questions on 2 facts; base, rag, human 1x, human 5x"),
    ],
)
def test_a_forecast_launches_nothing(common: list[str], capsys: pytest.CaptureFixture[str], asked: str, line: str) -> None:
    with composed(*common) as config:
        launcher = Launcher(config)
        assert sweep(config, arguments(common, "size=1x,5x", asked), launcher) == []
    assert launcher.jobs == []
    assert line in capsys.readouterr().out


def test_an_arm_that_fails_ends_the_sweep_failed_and_the_others_are_compared(
    common: list[str], tracking_uri: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with composed(*common) as config, pytest.raises(Fault, match=r"did not finish: human 5x tuner\.rate=0\. "):
        sweep(config, arguments(common, "tuner.rate=1,0"), Launcher(config))
    assert "Recommendation" in capsys.readouterr().out
    assert sweep_run(tracking_uri) == "FAILED"


@pytest.mark.parametrize(
    ("exam", "words"),
    [
        (
            '{"question": "Who played?", "answer": "Ada"}',
            r"the corpus, or a file that settings name, changed after the sweep began",
        ),
        ('{"question": "Who played?"}', r"exam\.jsonl:1: .*answer"),
    ],
    ids=["valid", "invalid"],
)
def test_an_exam_that_is_edited_in_mid_sweep_is_the_reason_of_the_arms_that_did_not_begin(
    common: list[str], tmp_path: Path, exam: str, words: str
) -> None:
    def edited() -> None:
        (tmp_path / "docs" / "exam.jsonl").write_text(exam)

    with composed(*common) as config:
        with pytest.raises(Fault, match=rf"did not finish: base, rag, human 1x, human 5x\. .*\n.*{words}") as fault:
            sweep(config, arguments(common, "size=1x,5x"), Launcher(config, before=edited))
        assert len(str(fault.value).splitlines()) == 2


def sweep_run(tracking_uri: str) -> str:
    """The status of the sweep's own run."""
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri)
    experiments = [experiment.experiment_id for experiment in client.search_experiments()]
    (row,) = client.search_runs(experiments, filter_string="tags.`runner.kind` = 'sweep'")
    return str(row.info.status)


@pytest.mark.slow
def test_an_error_at_the_end_of_a_sweep_ends_the_command_and_its_run(
    common: list[str], tracking_uri: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with composed(*common, f"hydra.sweep.dir={tmp_path}/file/sweep") as config, pytest.raises(NotADirectoryError):
        sweep(config, arguments(common), Launcher(config))
    assert sweep_run(tracking_uri) == "FAILED"


def test_a_sweep_that_is_stopped_ends_its_run_as_killed(common: list[str], tracking_uri: str) -> None:
    def stopped(*launch: object) -> list[JobReturn]:
        raise KeyboardInterrupt

    with composed(*common) as config, pytest.raises(KeyboardInterrupt):
        sweep(config, arguments(common), stopped)
    assert sweep_run(tracking_uri) == "KILLED"


@pytest.mark.slow
def test_the_arms_of_a_sweep_are_those_of_single_runs(common: list[str]) -> None:
    with composed(*common) as config:
        sweep(config, arguments(common, "size=1x,5x"), Launcher(config))
    study: Study = given.study(*common, "size=5x")
    assert study.finished()


def _table(output: str) -> str:
    """The printed table without its date: the clock may reach the next minute between two tables."""
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "", output.split("Recommendation")[0])


@pytest.mark.slow
def test_a_finished_sweep_whose_artifacts_were_removed_is_tracked_again_from_the_store(
    common: list[str], tracking_uri: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with composed(*common) as config:
        sweep(config, arguments(common), Launcher(config))
        table = _table(capsys.readouterr().out)
        shutil.rmtree(artifacts_of(tracking_uri))
        monkeypatch.setattr(QuickTuner, "tune", lambda self, model, examples, seed, folder: pytest.fail("tuned again"))
        sweep(config, arguments(common), Launcher(config))
    assert _table(capsys.readouterr().out) == table


@pytest.mark.slow
def test_a_tracking_store_that_fails_in_mid_sweep_ends_it_failed_and_the_same_command_goes_on(
    common: list[str], tracking_uri: str
) -> None:
    artifacts = artifacts_of(tracking_uri)

    def fail() -> None:
        shutil.rmtree(artifacts, ignore_errors=True)
        artifacts.unlink(missing_ok=True)
        artifacts.write_text("in the way")

    with composed(*common) as config:
        with pytest.raises(Fault, match=r"the tracking store .* can't be used: .*the same command goes on"):
            sweep(config, arguments(common), Launcher(config, before=fail))
        assert "FINISHED" not in {run.status for run in MLflow(uri=tracking_uri).history()}
        assert "RUNNING" not in {run.status for run in MLflow(uri=tracking_uri).history()}
        artifacts.unlink()
        sweep(config, arguments(common), Launcher(config))
    assert {run.status for run in MLflow(uri=tracking_uri).history()} == {"FINISHED"}


def artifacts_of(uri: str) -> Path:
    """The folder of artifacts beside a tracking file."""
    return Path(uri.removeprefix("sqlite:///")).parent / "artifacts"


def test_a_folder_with_documents_alone_comes_to_a_comparison_whose_exam_is_written_once(
    common: list[str],
    tracking_uri: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    shutil.rmtree(tmp_path / "docs")
    chosen = [*common, *documents(tmp_path), "exam=written", "exam.facts=2"]
    axes = ["method=token,fact", "size=1x"]
    with teaching(wrote) as (url, asked):
        words = [*(word for word in chosen if word != "method=human"), *taught_by(url)]
        with composed(*words) as config:
            jobs = sweep(config, arguments(words, *axes), Launcher(config))
        assert [job.return_value for job in jobs] == [""] * 2
        writing = [request for request in asked if "for an\nexam" in request["messages"][0]["content"]]
        assert len(writing) == 2
        output = " ".join(capsys.readouterr().out.split())
        assert "Accuracy on 6 questions about 2 facts" in output
        assert "exam written by gpt-5-mini, not checked by a person" in output
        (file,) = Path("exams").glob("*/exam.jsonl")
        assert f"Exam: {file.resolve()}" in output
        page = next(Path("mlruns/hydra").glob("*/*/report.html")).read_text()
        assert "written by gpt-5-mini, not checked by a person" in page
        tracker = MLflow(uri=tracking_uri)
        runs = tracker.history()
        sentences = [tracker.said(run.id, "recommendation.md") for run in runs if run.tags["runner.kind"] == "sweep"]
        assert ["The exam was written by gpt-5-mini, not checked by a person." in text for text in sentences] == [True]
        ledgers = [tracker.said(run.id, "ledger.json") for run in runs if run.tags.get("runner.arm") == "tuned"]
        assert ['"exam: questions"' in text for text in ledgers] == [True] * 2


def documents(folder: Path) -> list[str]:
    """The documents of a small corpus without an exam, as overrides."""
    chosen = corpus(folder)
    (folder / "docs" / "exam.jsonl").unlink()
    return [word for word in chosen if not word.startswith(("model", "store", "retriever", "retention", "corpus.purpose"))]


def test_with_task_label_every_point_only_labels_and_its_labels_are_shown_and_written(
    common: list[str], tracking_uri: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "docs" / "exam.jsonl").unlink()
    words = [*common, "task=label", f"labels_to={tmp_path}/out", "labels_as=[alpaca]"]
    with composed(*words) as config:
        launcher = Launcher(config)
        sweep(config, arguments(words, "size=1x,5x"), launcher)
    ((job, _, points),) = launcher.jobs
    assert isinstance(job, LabelJob)
    assert len(points) == 2
    output = capsys.readouterr().out
    assert "human 1x: 1 label " in output
    assert "Q: Tell me: who lost?" in output
    assert sorted(file.parent.name for file in (tmp_path / "out").glob("cup/*/alpaca.jsonl")) == ["human-1x", "human-5x"]
    tracked = MLflow(uri=tracking_uri).history()
    assert {run.tags["runner.kind"] for run in tracked} == {"labels"}
    (five,) = [run for run in tracked if run.name == "labels: human 5x"]
    assert (five.parameters["labels"], five.parameters["method"]) == ("2", "human")
    assert len(MLflow(uri=tracking_uri).rows(five.id, "labels")) == 2
    with pytest.raises(InvalidInput, match="made labels alone, and took no exam"):
        compare_runs([five.id, f"tracker.uri={tracking_uri}"])


def test_points_with_two_tasks_are_refused(common: list[str]) -> None:
    with composed(*common) as config, pytest.raises(InvalidInput, match="task: found several values"):
        sweep(config, arguments(common, "task=label,study"), Launcher(config))
