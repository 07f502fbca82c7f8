"""A tracking file is made whole or not at all, and once."""

import sqlite3
import threading
from pathlib import Path

import pytest

from runner.errors import Fault
from runner.tracker.sqlite_file import path_of, prepare


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
    assert not (tmp_path / "mlflow.db").exists()
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


def test_an_address_without_a_file_is_refused() -> None:
    with pytest.raises(Fault, match="names no plain file"):
        path_of("sqlite:///")
