"""A folder is named for the work within, and for nothing else."""

import threading
from pathlib import Path

from runner.data.unfinished import Unfinished, unfinished, unfinished_in


def test_a_folder_is_named_for_the_work_within_and_the_outer_one_again_afterwards() -> None:
    with unfinished_in(Path("outer")) as outer:
        with unfinished_in(Path("inner")) as inner:
            assert unfinished() is inner
        assert unfinished() is outer
    assert unfinished() is None


def test_another_thread_has_none() -> None:
    found = list[Unfinished | None]()
    with unfinished_in(Path("here")):
        thread = threading.Thread(target=lambda: found.append(unfinished()))
        thread.start()
        thread.join()
    assert found == [None]


def test_what_is_forgotten_is_removed_once(tmp_path: Path) -> None:
    (tmp_path / "stage").mkdir()
    assert [Unfinished(tmp_path / "stage").forget() for _ in range(2)] == [True, False]
