"""Data sets are loaded from folders and files, and what is wrong with them is told."""

import logging
from pathlib import Path

import datasets
import pyarrow
import pytest
from pyarrow import parquet

from runner.data.stored_dataset import DatasetPlace, dataset_rows, is_dataset, load, named_columns
from runner.errors import Fault

ROWS = datasets.Dataset.from_dict({"body": ["Ada won.", "Bea lost."], "name": ["Final", None]})


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")


def saved(folder: Path, form: str) -> Path:
    """The rows in one of the forms that are read."""
    folder.mkdir()
    path = folder / "rows"
    if form == "saved":
        ROWS.save_to_disk(path)
    elif form == "splits":
        datasets.DatasetDict({"train": ROWS}).save_to_disk(path)
    elif form == "data folder":
        (path / "data").mkdir(parents=True)
        ROWS.to_parquet(path / "data" / "train-00000-of-00001.parquet")
        (path / "README.md").write_text("# Card\n")
    else:
        path = path.with_suffix(form)
        {".parquet": ROWS.to_parquet, ".jsonl": ROWS.to_json, ".csv": ROWS.to_csv}[form](path)
    return path


@pytest.mark.parametrize("form", ["saved", "splits", "data folder", ".parquet", ".jsonl", ".csv"])
def test_every_form_gives_the_same_rows(tmp_path, form):
    path = saved(tmp_path / "home", form)
    rows = [(where, fields()) for where, fields in dataset_rows(path)]
    assert rows == [
        (f"{path}:1", {"body": "Ada won.", "name": "Final"}),
        (f"{path}:2", {"body": "Bea lost.", "name": None}),
    ]
    assert not (tmp_path / "cache").exists()


def test_of_several_splits_one_must_be_named(tmp_path):
    datasets.DatasetDict({"train": ROWS, "test": ROWS.select([1])}).save_to_disk(tmp_path / "rows")
    with pytest.raises(Fault, match=r"its splits are train, test\. Expected one of them by name"):
        load(DatasetPlace(path=str(tmp_path / "rows")))
    assert len(load(DatasetPlace(path=str(tmp_path / "rows"), split="test"))) == 1


def test_columns_are_renamed_and_one_that_is_not_there_is_answered_with_those_that_are():
    columns = {"text": "body", "title": "name", "category": None}
    assert list(named_columns(ROWS, "rows", columns, "corpus.columns")) == [
        {"text": "Ada won.", "title": "Final"},
        {"text": "Bea lost.", "title": None},
    ]
    with pytest.raises(Fault, match=r"corpus\.columns\.text=txt: rows has no such column\. Its columns are body, name"):
        list(named_columns(ROWS, "rows", {"text": "txt"}, "corpus.columns"))


@pytest.mark.parametrize("content", [{}, {"a.parquet": b"PAR1"}, {"rows.py": b"raise SystemExit"}])
def test_a_folder_without_a_data_set_is_a_fault_and_nothing_of_it_is_run(tmp_path, content):
    (tmp_path / "rows").mkdir()
    for name, value in content.items():
        (tmp_path / "rows" / name).write_bytes(value)
    with pytest.raises(Fault, match=r"not loaded as a data set: .*Expected a folder of save_to_disk"):
        load(DatasetPlace(path=str(tmp_path / "rows")))


@pytest.mark.parametrize("form", ["rows", "rows.parquet", "rows.jsonl"])
def test_a_data_set_without_a_row_is_told_and_the_library_logs_nothing(tmp_path, form, caplog, monkeypatch):
    if form == "rows.parquet":
        parquet.write_table(pyarrow.table({"body": pyarrow.array([], pyarrow.string())}), tmp_path / form)
    elif form == "rows":
        ROWS.select([]).save_to_disk(tmp_path / form)
    else:
        (tmp_path / form).touch()
    monkeypatch.setattr(logging.getLogger("datasets"), "handlers", [caplog.handler])  # it passes nothing on to others
    with pytest.raises(Fault, match=rf"{form}: the data set holds no row\. Expected"):
        load(DatasetPlace(path=str(tmp_path / form)))
    assert caplog.messages == []


def test_only_a_folder_with_data_is_a_data_set(tmp_path):
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "draft.txt").touch()
    assert not is_dataset(tmp_path / "labels")
    assert not is_dataset(tmp_path / "exam")
    assert is_dataset(saved(tmp_path / "home", "saved"))
