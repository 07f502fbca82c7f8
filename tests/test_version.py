"""The commit is that of this clone, and of no repository around an installed package."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from runner import version


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """No commit is remembered from another test."""
    version.commit.cache_clear()
    yield
    version.commit.cache_clear()


def git(folder: Path, *words: str) -> str:
    """Run git in a folder."""
    own = ["-c", "user.name=a", "-c", "user.email=a@b"]
    return subprocess.run(["git", "-C", str(folder), *own, *words], capture_output=True, text=True, check=True).stdout.strip()


def test_a_clone_has_its_commit_and_says_that_it_was_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "file").write_text("1")
    git(tmp_path, "add", "file")
    git(tmp_path, "commit", "-qm", "a")
    monkeypatch.setattr(version, "ROOT", tmp_path)
    whole = git(tmp_path, "rev-parse", "HEAD")
    assert version.commit() == whole[:12]
    (tmp_path / "file").write_text("2")
    version.commit.cache_clear()
    assert version.commit() == f"{whole[:12]}-dirty"


def test_a_package_within_another_repository_has_no_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "packages").mkdir()
    monkeypatch.setattr(version, "ROOT", tmp_path / "packages")
    assert version.commit() == ""


def test_a_folder_of_a_stranger_makes_git_start_nothing(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "file").write_text("1")
    git(tmp_path, "add", "file")
    git(tmp_path, "commit", "-qm", "a")
    git(tmp_path, "config", "core.fsmonitor", f"touch {tmp_path}/mark")
    assert version.commit_of(tmp_path)
    assert not (tmp_path / "mark").exists()
