"""What was read of files is found again, and what is damaged is not."""

import os
from pathlib import Path

import pytest

from runner.store.readings import KeptReadings


def test_readings_of_several_calls_are_found(tmp_path: Path) -> None:
    KeptReadings(tmp_path / "readings").keep({"a": "Ada wön.", "b": '{"x": "\u2028"}'})
    KeptReadings(tmp_path / "readings").keep({"c": ""})
    found = dict(KeptReadings(tmp_path / "readings").find(["c", "b", "a", "d"]))
    assert found == {"a": "Ada wön.", "b": '{"x": "\u2028"}', "c": ""}
    assert len(list((tmp_path / "readings").iterdir())) == 2


def test_nothing_is_written_for_nothing(tmp_path: Path) -> None:
    KeptReadings(tmp_path / "readings").keep({})
    assert list(KeptReadings(tmp_path / "readings").find(["a"])) == []
    assert not (tmp_path / "readings").exists()


def test_a_damaged_reading_is_told_and_not_found(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    readings = KeptReadings(tmp_path)
    readings.keep({"a": "Ada won.", "b": "Bea won."})
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes().replace(b"Ada won", b"Ada\xffwon"))
    assert dict(readings.find(["a", "b"])) == {"b": "Bea won."}
    assert "a kept reading in" in caplog.text


def test_a_folder_that_can_not_be_made_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    readings = KeptReadings(tmp_path / "file" / "readings")
    readings.keep({"a": "Ada won."})
    assert list(readings.find(["a"])) == []


def test_a_file_whose_reading_is_found_was_used_just_now(tmp_path: Path) -> None:
    readings = KeptReadings(tmp_path)
    for text in ("a", "b"):
        readings.keep({text: text})
    for file in tmp_path.iterdir():
        os.utime(file, (0, 0))
    assert dict(readings.find(["a"])) == {"a": "a"}
    assert sorted(file.stat().st_mtime > 0 for file in tmp_path.iterdir()) == [False, True]
