"""What a store no longer needs is shown first, and removed only on demand."""

import os
import time
from pathlib import Path

import pytest

from runner.commands.collect_garbage import collect_garbage
from runner.errors import Fault, InvalidInput
from runner.store import Use
from runner.store.local import LocalStore
from runner.tracker.known_address import known_address
from runner.tracker.mlflow import MLflow
from runner.tracker.sqlite_file import path_of
from tests.commands.given import arm


@pytest.fixture
def uri(tracking_uri: str) -> str:
    """A tracking file with one arm."""
    arm(tracking_uri, "small", "+-+-", size="1x")
    return tracking_uri


def stage(store: LocalStore, word: str, stage: str = "labels") -> Path:
    """Keep a stage that nobody has used for a year."""
    kept = store.keep(stage, [word], lambda folder: (folder / "out").write_text(word) and None, Path.iterdir)
    for path in (*kept.folder.iterdir(), kept.folder):
        os.utime(path, (time.time() - 365 * 86400,) * 2)
    return kept.folder


def noted(tmp_path: Path, uri: str, since: float = 0.0) -> tuple[LocalStore, Path, Path]:
    """A store with labels of a tracked arm, and of one that was deleted."""
    store = LocalStore(tmp_path / "store")
    kept, gone = stage(store, "kept"), stage(store, "gone")
    for run, folder in (("small", kept), ("deleted", gone)):
        store.refer(Use(run, known_address(MLflow(uri=uri)), frozenset({f"labels/{folder.name}"})))
    (tmp_path / "store" / "uses" / "since.json").write_text(f'{{"since": {since}}}')
    return store, kept, gone


def test_nothing_is_removed_without_the_word_and_the_right_things_with_it(
    tmp_path: Path, uri: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store, kept, gone = noted(tmp_path, uri)
    words = ["30d", f"store={store.folder}", f"tracker.uri={uri}"]
    collect_garbage(words)
    printed = capsys.readouterr().out
    assert "Nothing was removed. To remove it: run.py --gc 30d delete" in printed
    assert "kept, that tracked runs refer to: 1" in printed
    assert "no run that noted it here" in printed
    assert (kept.exists(), gone.exists(), len(store.uses().lists)) == (True, True, 2)
    collect_garbage([*words, "delete"])
    assert "Removed: 1 item" in capsys.readouterr().out
    assert (kept.exists(), gone.exists(), len(store.uses().lists)) == (True, False, 1)


def test_what_is_younger_stays(tmp_path: Path, uri: str) -> None:
    store, _, gone = noted(tmp_path, uri)
    collect_garbage(["60w", "delete", f"store={store.folder}", f"tracker.uri={uri}"])
    assert gone.exists()


def test_runs_of_another_tracking_store_are_told_and_what_they_refer_to_stays(
    tmp_path: Path, uri: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store, _, gone = noted(tmp_path, uri)
    store.refer(Use("deleted", "http://there", frozenset({f"labels/{gone.name}"})))
    collect_garbage(["30d", "delete", f"store={store.folder}", f"tracker.uri={uri}"])
    assert "Tracked elsewhere: 1 run at http://there" in capsys.readouterr().out
    assert gone.exists()


def test_a_tracking_file_that_is_not_there_has_lost_no_run_unless_that_is_said(
    tmp_path: Path, uri: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store, kept, _ = noted(tmp_path, uri)
    path_of(uri).unlink()
    words = ["30d", "delete", f"store={store.folder}", f"tracker.uri={uri}"]
    collect_garbage(words)
    assert "2 runs noted here that" in capsys.readouterr().out
    assert kept.exists()
    collect_garbage([*words, "forget"])
    assert not kept.exists()


def test_what_was_made_before_runs_noted_anything_stays_unless_that_is_said(tmp_path: Path, uri: str) -> None:
    store, _, gone = noted(tmp_path, uri, since=time.time())
    words = ["30d", "delete", f"store={store.folder}", f"tracker.uri={uri}"]
    collect_garbage(words)
    assert gone.exists()
    collect_garbage([*words, "unlisted"])
    assert not gone.exists()


def test_replies_stay_unless_that_is_said(tmp_path: Path, uri: str) -> None:
    store, _, _ = noted(tmp_path, uri)
    reply = store.replies / "ab" / f"{'ab' * 16}.json"
    reply.parent.mkdir(parents=True)
    reply.write_text("{}")
    os.utime(reply, (0, 0))
    words = ["30d", "delete", f"store={store.folder}", f"tracker.uri={uri}"]
    collect_garbage(words)
    assert reply.exists()
    collect_garbage([*words, "replies"])
    assert not reply.exists()


def test_a_tracking_store_that_can_not_be_reached_is_a_fault_and_nothing_is_removed(tmp_path: Path, uri: str) -> None:
    store, _, gone = noted(tmp_path, uri)
    with pytest.raises(Fault, match=r"no MLflow server answers at http://127\.0\.0\.1:9"):
        collect_garbage(["30d", "delete", f"store={store.folder}", "tracker.uri=http://127.0.0.1:9"])
    assert gone.exists()


@pytest.mark.parametrize("words", [[], ["abc"], ["0d"], ["30"], ["-3d"], ["30d", "8w"], ["30d", "remove"], ["12h"]])
def test_what_is_no_age_or_no_word_is_refused(tmp_path: Path, words: list[str]) -> None:
    with pytest.raises(InvalidInput, match=r"Expected run\.py --gc AGE, such as 30d or 8w"):
        collect_garbage([*words, f"store={tmp_path}"])


@pytest.mark.parametrize("place", ["", "nowhere"])
def test_a_folder_that_is_no_store_is_refused(tmp_path: Path, place: str) -> None:
    with pytest.raises(InvalidInput, match="is no store"):
        collect_garbage(["30d", f"store={tmp_path / place}", f"tracker.uri=sqlite:///{tmp_path}/mlflow.db"])
