"""A tracking file is made whole or not at all, and once."""

import sqlite3
import threading
from pathlib import Path

import pytest

from runner.errors import Fault
from runner.tracker.sqlite_file import address_of, path_of, prepare


def tables(uri: str) -> None:
    """Make two tables, as a first command does."""
    with sqlite3.connect(uri.removeprefix("sqlite:///")) as file:
        file.execute("create table runs (id)")
        file.execute("create table metrics (id)")


def test_a_command_that_is_stopped_while_it_makes_the_tables_leaves_no_file(tmp_path: Path) -> None:
    def stopped(uri: str) -> None:
        with sqlite3.connect(uri.removeprefix("sqlite:///")) as file:
            file.execute("create table runs (id)")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(tmp_path / "mlflow.db", stopped)
    assert [file.name for file in tmp_path.iterdir()] == [".mlflow.db.lock"]
    prepare(tmp_path / "mlflow.db", tables)
    with sqlite3.connect(tmp_path / "mlflow.db") as file:
        assert file.execute("select count(*) from sqlite_master").fetchone() == (2,)


def test_commands_that_start_at_once_make_the_tables_once(tmp_path: Path) -> None:
    made = list[str]()

    def counted(uri: str) -> None:
        made.append(uri)
        tables(uri)

    threads = [threading.Thread(target=prepare, args=(tmp_path / "new" / "mlflow.db", counted)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1


def test_a_file_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    prepare(tmp_path / "mlflow.db", tables)
    prepare(tmp_path / "mlflow.db", lambda uri: pytest.fail("the tables are there"))


@pytest.mark.parametrize("uri", ["sqlite:///", "sqlite:///:memory:", "sqlite:///a.db?mode=memory"])
def test_an_address_without_a_file_is_refused(uri: str) -> None:
    with pytest.raises(Fault, match="names no plain file"):
        path_of(uri)


@pytest.mark.parametrize("name", ["our runs", "100%", "our%20runs", "rüns", "a?b", "a#b"])
def test_a_file_has_an_address_whatever_its_folder_is_called(tmp_path: Path, name: str) -> None:
    assert path_of(address_of(tmp_path / name / "mlflow.db")) == tmp_path / name / "mlflow.db"


def test_a_quoted_address_is_read_as_mlflow_reads_it(tmp_path: Path) -> None:
    assert path_of(f"sqlite:///{tmp_path}/our%20runs/mlflow.db") == tmp_path / "our runs" / "mlflow.db"


def test_an_empty_file_gets_its_tables(tmp_path: Path) -> None:
    (tmp_path / "mlflow.db").write_bytes(b"")
    prepare(tmp_path / "mlflow.db", tables)
    assert (tmp_path / "mlflow.db").stat().st_size


def test_drafts_of_killed_commands_are_removed(tmp_path: Path) -> None:
    for name in (".mlflow.db-1f", ".mlflow.db-1f-journal"):
        (tmp_path / name).write_text("half")
    prepare(tmp_path / "mlflow.db", tables)
    assert sorted(file.name for file in tmp_path.iterdir()) == [".mlflow.db.lock", "mlflow.db"]
