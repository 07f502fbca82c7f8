"""The Dockerfile, as far as it can be tried without docker: what it copies, installs and runs."""

import json
import os
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAIN_JOB = ["-m", "method=token,fact", "size=1x,5x"]


def instructions(word: str) -> list[str]:
    """The arguments of each instruction with this word, in their order."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    return [line.removeprefix(f"{word} ") for line in text.splitlines() if line.startswith(f"{word} ")]


def copied() -> dict[str, str]:
    """The places in the image by the paths in the repository."""
    pairs: dict[str, str] = {}
    for line in instructions("COPY"):
        *sources, target = line.split()
        pairs |= {source: target + (source if target.endswith("/") else "") for source in sources}
    return pairs


def test_everything_that_is_copied_is_there_and_reaches_the_build() -> None:
    rules = [line for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    assert rules[0] == "*"
    let_in = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
    assert let_in == set(copied())
    assert [path for path in copied() if not (ROOT / path).exists()] == []
    assert [path for path in let_in if any(fnmatch(path, rule) for rule in rules[1:] if rule[0] != "!")] == []


def test_the_build_of_the_package_finds_all_that_it_reads_among_the_copied_files() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    wheel = re.search(r"\[tool\.hatch\.build\.targets\.wheel\]\npackages = (\[.*\])", project)
    assert wheel
    assert {"pyproject.toml", "README.md", "LICENSE", "conf", *json.loads(wheel[1])} == set(copied())


def test_the_container_runs_the_main_job_of_the_makefile_as_a_user_without_rights() -> None:
    (command,), (entry,), (user,) = instructions("CMD"), instructions("ENTRYPOINT"), instructions("USER")
    assert [*json.loads(entry), *json.loads(command)] == ["run.py", *MAIN_JOB]
    assert f"run.py {' '.join(MAIN_JOB)}" in (ROOT / "Makefile").read_text(encoding="utf-8")
    assert int(user) > 0


def test_all_that_is_worth_keeping_lies_in_the_volume() -> None:
    (volume,), (line,) = instructions("VOLUME"), instructions("ENV")
    variables = dict(pair.split("=") for pair in line.split())
    assert [variables[name].startswith(volume) for name in ("RUNNER_STORE", "HF_HOME", "HOME")] == [True] * 3


@pytest.mark.slow
def test_what_it_installs_runs_the_main_job_from_an_empty_folder(tmp_path: Path) -> None:
    source, folder, home = tmp_path / "source", tmp_path / "study", tmp_path / "cache"
    for path in copied():
        target = source / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(ROOT / path, target) if (ROOT / path).is_dir() else shutil.copy(ROOT / path, target)
    folder.mkdir()
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    # The index of PyTorch's wheels is left to the machine's own settings: it may have no way to the public one.
    surroundings |= {"PATH": f"{tmp_path}/venv/bin:{os.environ['PATH']}", "TORCH_INDEX": f"{tmp_path}/none"}
    surroundings |= {"RUNNER_STORE": f"{home}/store", "HF_HOME": f"{home}/huggingface", "HOME": str(home)}
    (install,) = (line for line in instructions("RUN") if line.startswith("pip "))
    subprocess.run(install.replace("/source", str(source)), shell=True, check=True, env=surroundings)
    command = ["run.py", *MAIN_JOB, "preview=true"]
    done = subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True, check=False)
    assert (done.returncode, "fact 5x" in done.stdout) == (0, True), done.stderr
    served = subprocess.run(["runner-serve", "--help"], env=surroundings, capture_output=True, text=True, check=True)
    assert "fine-tuning jobs" in served.stdout
