"""Of two attempts at a stage the first one counts, and what is fetched is what was published."""

from pathlib import Path

import pytest

from runner.data.manifest import DamagedFolderError, read_manifest, seal
from runner.store.bucket import Bucket
from runner.store.published import PublishedStages


def made(folder: Path, text: str) -> Path:
    """A sealed output of two files."""
    (folder / "key" / "deep").mkdir(parents=True)
    (folder / "key" / "out.txt").write_text(text)
    (folder / "key" / "deep" / "weights").write_bytes(bytes(5000))
    seal(folder / "key", 7.0, ["inputs"])
    return folder / "key"


def test_the_first_attempt_counts_and_the_files_of_the_second_are_removed(memory: str, tmp_path: Path) -> None:
    stages = PublishedStages(Bucket(memory))
    first = stages.publish("labels", made(tmp_path / "a", "first"))
    assert stages.publish("labels", made(tmp_path / "b", "second")) == first
    assert (stages.head("labels", "key"), stages.heads("labels")) == (first, {"key": first})
    assert len(Bucket(memory).list("stages")) == 3
    manifest = stages.fetch("labels", tmp_path / "copy" / "key", first)
    assert (tmp_path / "copy" / "key" / "out.txt").read_text() == "first"
    assert read_manifest(tmp_path / "copy" / "key") == manifest == read_manifest(tmp_path / "a" / "key")


def test_a_damaged_attempt_is_replaced_but_not_a_later_one(memory: str, tmp_path: Path) -> None:
    stages = PublishedStages(Bucket(memory))
    damaged = stages.publish("labels", made(tmp_path / "a", "first"))
    second = stages.publish("labels", made(tmp_path / "b", "second"), replaced=damaged)
    assert stages.head("labels", "key") == second != damaged
    assert stages.publish("labels", made(tmp_path / "c", "third"), replaced=damaged) == second


def test_a_head_that_can_not_be_read_is_replaced(memory: str, tmp_path: Path) -> None:
    Bucket(memory).write("stages/labels/key/head.json", b"{")
    stages = PublishedStages(Bucket(memory))
    assert stages.head("labels", "key") is None
    head = stages.publish("labels", made(tmp_path / "a", "first"))
    assert stages.head("labels", "key") == head


@pytest.mark.parametrize(("content", "why"), [(b"other", "has 5 bytes"), (b"fir5t", "was changed"), (None, "is missing")])
def test_files_that_are_not_those_of_the_manifest_are_told(memory: str, tmp_path: Path, content: bytes | None, why: str) -> None:
    stages, bucket = PublishedStages(Bucket(memory)), Bucket(memory)
    head = stages.publish("labels", made(tmp_path / "a", "first" if why != "has 5 bytes" else "longer"))
    name = f"stages/labels/key/{head.attempt}/out.txt"
    if content:
        bucket.write(name, content)
    else:
        bucket.remove([name])
    with pytest.raises(DamagedFolderError, match=why):
        stages.fetch("labels", tmp_path / "copy" / "key", head)
    assert list((tmp_path / "copy").iterdir()) == []


def test_large_files_are_left_out_where_they_are_not_wanted(memory: str, tmp_path: Path) -> None:
    stages = PublishedStages(Bucket(memory))
    head = stages.publish("labels", made(tmp_path / "a", "first"))
    stages.fetch("labels", tmp_path / "copy" / "key", head, largest=1000)
    assert sorted(path.name for path in (tmp_path / "copy" / "key").iterdir()) == ["manifest.json", "out.txt"]


def test_a_name_that_leads_out_of_the_folder_is_refused(memory: str, tmp_path: Path) -> None:
    stages = PublishedStages(Bucket(memory))
    head = stages.publish("labels", made(tmp_path / "a", "first"))
    outside = type(head)(head.attempt, head.manifest.replace('"out.txt"', '"../../out.txt"'))
    with pytest.raises(DamagedFolderError, match="lies outside"):
        stages.fetch("labels", tmp_path / "copy" / "key", outside)
    assert not (tmp_path / "out.txt").exists()
