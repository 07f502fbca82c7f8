"""A folder is named for the work within, and for nothing else."""

import threading
from pathlib import Path

from runner.data.unfinished import unfinished, unfinished_in


def test_a_folder_is_named_for_the_work_within_and_the_outer_one_again_afterwards() -> None:
    with unfinished_in(Path("outer")):
        with unfinished_in(Path("inner")):
            assert unfinished() == Path("inner")
        assert unfinished() == Path("outer")
    assert unfinished() is None


def test_another_thread_has_none() -> None:
    found = list[Path | None]()
    with unfinished_in(Path("here")):
        thread = threading.Thread(target=lambda: found.append(unfinished()))
        thread.start()
        thread.join()
    assert found == [None]
