"""The disk use of a store is added up by stage, and drafts apart."""

from pathlib import Path

from runner.store.disk_use import DRAFTS, disk_use
from runner.store.local import LocalStore


def written(folder: Path) -> None:
    (folder / "within").mkdir()
    (folder / "within" / "weights").write_bytes(bytes(100_000))
    (folder / "notes.jsonl").write_text("x")


def test_stages_count_once_and_other_files_one_by_one(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    for seed in (0, 1):
        store.keep("tunings", seed, written, Path.iterdir)
    store.replies.joinpath("ab").mkdir(parents=True)
    (store.replies / "ab" / "abc.json").write_text("{}")
    (tmp_path / "tunings" / ".stopped").mkdir()
    (tmp_path / "tunings" / ".stopped" / "weights").write_bytes(b"x")
    uses = {use.part: use for use in disk_use(tmp_path)}
    assert {name: use.outputs for name, use in uses.items()} == {"tunings": 2, "replies": 1, DRAFTS: 1, "locks": 2}
    assert uses["tunings"].bytes >= 200_000
    assert uses["tunings"].newest >= (tmp_path / "tunings").stat().st_mtime - 60
    assert next(iter(disk_use(tmp_path))).part == "tunings"


def test_a_store_that_is_not_there_takes_nothing(tmp_path: Path) -> None:
    assert disk_use(tmp_path / "nowhere") == []
