"""A sweep is found by its id, its tracked run, its folder, or as the last one."""

from pathlib import Path

import pytest

from runner.commands.find_sweep import find_sweep
from runner.errors import InvalidInput
from tests.commands.swept import recorded

FIRST, AGAIN, OTHER = "20310501-101500-aaaa", "20310502-101500-bbbb", "20310503-101500-cccc"


@pytest.fixture
def store(tmp_path: Path) -> str:
    """A store with a sweep that was started twice, and a later one."""
    for name, run, folder in ((FIRST, "cafe1", "one"), (AGAIN, "cafe1", "two"), (OTHER, "beef2", "three")):
        with recorded(tmp_path, ["done"], name, state="finished", run=run, output=f"{tmp_path}/{folder}"):
            pass
    return f"store={tmp_path}"


@pytest.mark.parametrize(
    ("word", "name"),
    [([], OTHER), (["last"], OTHER), (["20310501"], FIRST), ([AGAIN], AGAIN), (["beef"], OTHER), (["cafe1"], AGAIN)],
    ids=["none", "last", "part", "id", "run", "run started twice"],
)
def test_a_word_finds_a_sweep(store: str, word: list[str], name: str) -> None:
    assert find_sweep([*word, store]).id == name


def test_a_folder_finds_the_sweep_that_writes_into_it(store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert [find_sweep([folder, store]).id for folder in ("one", f"{tmp_path}/two/")] == [FIRST, AGAIN]


@pytest.mark.parametrize(
    ("word", "message"),
    [
        (["203105"], "203105: 3 sweeps begin so: 20310503-101500-cccc"),
        (["nosuch"], r"nosuch: no sweep of the store .* has this id or folder\. The last ones are 20310503-101500-cccc"),
        (["last", "beef"], "beef: expected one sweep, and last is one"),
    ],
)
def test_a_word_that_means_no_sweep_or_several_is_refused(store: str, word: list[str], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        find_sweep([*word, store])


def test_a_store_without_sweeps_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=rf"the store {tmp_path} has no notes of a sweep"):
        find_sweep([f"store={tmp_path}"])
    assert list(tmp_path.iterdir()) == []
