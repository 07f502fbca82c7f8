"""Run every example of docs/extending.md as the page has it.

Each is previewed, run, tracked and compared.
"""

import os
import re
import shlex
from pathlib import Path
from runpy import run_path

import pytest
from mlflow import MlflowClient
from mlflow.entities import Run

from runner.data.records import Answer
from tests import given
from tests.command import Done
from tests.command import run as run_command

PAGE = (Path(__file__).parents[2] / "docs" / "extending.md").read_text(encoding="utf-8")
FENCE = re.compile(r'^```(\w*)(?: title="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
FILES = {title: body for _, title, body in FENCE.findall(PAGE) if title}
COMMANDS = [
    body.strip() for language, title, body in FENCE.findall(PAGE) if not (language or title) and body.startswith("run.py")
]

# The arms that each command of the page compares, beside the baselines.
ARMS = {
    "run.py --config-dir=mine method=cloze": ["cloze 5x"],
    "run.py -m --config-dir=mine method=cloze,fact size=1x": ["cloze 1x", "fact 1x"],
    "run.py --config-dir=mine grader=similar method=human size=1x": ["human 1x"],
    "run.py --config-dir=mine 'metric=[accuracy,coverage,retention,whole]' method=human size=1x": ["human 1x"],
    "run.py --config-dir=mine corpus=faq corpus.path=handbook.csv method=human size=full": ["human full"],
    "run.py --config-dir=mine model=table tuner=memory method=fact size=5x": ["fact 5x"],
    "run.py -m --config-dir=mine keep=none,few method=cloze size=1x": ["cloze 1x", "cloze 1x keep=few"],
    "run.py -m --config-dir=mine experiment=memory": ["cloze 1x", "cloze 5x", "fact 1x", "fact 5x"],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with every file of the page."""
    for name, body in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(body, encoding="utf-8")
    return tmp_path


@pytest.fixture
def small(folder: Path, tracking_uri: str) -> list[str]:
    """Return overrides that make a run small.

    The page's own model and tuner need no torch.
    """
    chosen = ["model=table", "tuner=memory", "retriever=lexical", "retention.questions=20"]
    return [*chosen, f"tracker.uri={tracking_uri}", f"store={folder}/store"]


def run(folder: Path, command: str, *overrides: str) -> Done:
    """Run a command of the page with more overrides.

    They come last, since Hydra takes the last value of a setting.
    """
    words = shlex.split(command)[1:]
    quick = [] if "corpus=faq" in words else ["corpus.documents=[cricket-world-cup-2023]", "corpus.sections=1"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "MLFLOW_", "HYDRA_"))}
    return run_command([*words, *overrides, *quick], folder, kept)


def arms(uri: str) -> list[Run]:
    """Return the tracked arms."""
    client = MlflowClient(uri)
    experiments = [experiment.experiment_id for experiment in client.search_experiments()]
    return [tracked for tracked in client.search_runs(experiments) if tracked.data.tags["runner.kind"] == "arm"]


def test_every_command_of_the_page_is_run_here() -> None:
    assert sorted(COMMANDS) == sorted(ARMS)
    assert {Path(name).parts[1] for name in FILES if name.endswith(".yaml")} == {
        *("method", "grader", "metric", "corpus", "model", "tuner", "keep", "experiment")
    }


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_an_example_is_previewed_then_run_then_compared(folder: Path, small: list[str], tracking_uri: str, command: str) -> None:
    preview = run(folder, command, *small, "preview=true")
    assert preview.returncode == 0, preview.stderr
    assert [arm for arm in ARMS[command] if arm not in preview.stdout] == []
    assert arms(tracking_uri) == []
    done = run(folder, command, *small)
    assert done.returncode == 0, done.stderr
    assert "Recommendation" in done.stdout
    # In the table an arm's line holds its name, a number of labels and its difference to a baseline.
    lines = [line for line in done.stdout.splitlines() if line.startswith("│")]
    assert [arm for arm in ["base", "rag", *ARMS[command]] if not any(arm in line for line in lines)] == []
    tracked = arms(tracking_uri)
    assert {arm.info.status for arm in tracked} == {"FINISHED"}
    names = [arm.data.tags["runner.arm"] for arm in tracked]
    assert sorted(names) == sorted(["base", "rag", *["tuned"] * len(ARMS[command])])
    assert all("gain/base" in arm.data.metrics for arm in tracked if arm.data.tags["runner.arm"] == "tuned")
    if "whole" in command:
        assert all(0 <= arm.data.metrics["facts/whole"] <= 1 for arm in tracked)


def test_the_grader_passes_a_misspelt_answer(folder: Path) -> None:
    similar = run_path(str(folder / "mine" / "similar.py"))["Similar"](least=0.8)
    asked = [given.question("q1", answer="Bergen"), given.question("q2", answer="Bergen", aliases=("the old town",))]
    for text, passed in (("bergem", True), ("Oslo", False), ("The old tovn.", None)):
        answers = [Answer(question=question.id, text=text) for question in asked]
        grades = similar.grade(asked, answers, given.Scripted(lambda prompt: "PASS"))
        assert [grade.passed for grade in grades] == ([passed, passed] if passed is not None else [False, True])


@pytest.mark.slow
def test_an_edited_class_makes_its_labels_again(folder: Path, small: list[str]) -> None:
    command = "run.py --config-dir=mine method=cloze size=1x baseline=[] retention=none"
    chosen = [setting for setting in small if not setting.startswith("retention.")]
    assert run(folder, command, *chosen).returncode == 0
    assert len(list((folder / "store" / "labels").glob("*/manifest.json"))) == 1
    source = folder / "mine" / "cloze.py"
    source.write_text(source.read_text().replace("___", "(blank)"))
    assert run(folder, command, *chosen).returncode == 0
    assert len(list((folder / "store" / "labels").glob("*/manifest.json"))) == 2


@pytest.mark.slow
def test_a_setting_of_ones_own_is_checked_by_name(folder: Path, small: list[str]) -> None:
    done = run(folder, "run.py --config-dir=mine method=cloze method.shortest=few", *small)
    assert done.returncode == 2
    assert "method.shortest: found 'few', expected a valid integer" in done.stderr


def test_a_class_that_breaks_its_contract_is_refused_as_the_page_says(folder: Path, small: list[str]) -> None:
    source = "from runner.component import component\n\n\n@component\nclass Wrong:\n    def label(self, sections): ...\n"
    (folder / "mine" / "wrong.py").write_text(source)
    (folder / "mine" / "method" / "wrong.yaml").write_text("_target_: mine.wrong.Wrong\n")
    done = run(folder, "run.py --config-dir=mine method=wrong", *small)
    (message,) = [body.strip() for _, _, body in FENCE.findall(PAGE) if body.startswith("method: mine.wrong.Wrong")]
    assert done.returncode == 2
    assert message in done.stderr
