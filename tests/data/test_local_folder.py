"""A folder stands for itself, and an address for a folder of the cache."""

from pathlib import Path

import pytest

from runner.data.local_folder import CACHE, is_address, local_folder


def test_a_folder_stands_for_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert local_folder("~/store") == tmp_path / "store"
    assert local_folder("a:b") == Path("a:b")
    assert not is_address("/data/store")


def test_an_address_has_a_folder_of_its_own_in_the_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(CACHE, str(tmp_path))
    assert local_folder("s3://bucket/team/models") == tmp_path / "s3" / "bucket" / "team" / "models"
    assert local_folder("gs://bucket/") == tmp_path / "gs" / "bucket"
    monkeypatch.delenv(CACHE)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert local_folder("s3://bucket") == tmp_path / ".cache" / "experiment-runner" / "remote" / "s3" / "bucket"


def test_no_address_leads_out_of_the_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(CACHE, str(tmp_path))
    assert local_folder("s3://../../etc/./x") == tmp_path / "s3" / "etc" / "x"
