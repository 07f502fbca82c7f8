"""Items are what the store itself wrote, and one that a job holds or has used stays."""

import os
import time
from pathlib import Path

from runner.store import StoredItem
from runner.store.local import LocalStore
from runner.store.local_items import local_items, mark_used

KEY = "0123456789abcdef" * 2


def filled(store: LocalStore) -> None:
    """Write one item of each kind."""
    store.keep("labels", [1], lambda folder: (folder / "labels.jsonl").write_text("x" * 9000) and None, Path.iterdir)
    for name in (f"replies/{KEY[:2]}/{KEY}.json", f"readings/{KEY}.txt", f"unfinished/tunings-{KEY}/training.safetensors"):
        file = store.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")


def aged(store: LocalStore, item: StoredItem) -> StoredItem:
    """Return an item that was last used a year ago."""
    place = next(path for path in store.folder.rglob(item.key))
    for path in (*place.rglob("*"), place):
        os.utime(path, (time.time() - 365 * 86400,) * 2)
    return next(each for each in store.items() if each.name == item.name)


def test_stages_replies_readings_and_unfinished_work_are_items(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    filled(store)
    items = {item.part: item for item in store.items()}
    assert sorted(items) == ["labels", "readings", "replies", "unfinished"]
    assert items["labels"].bytes >= 9000
    assert "made_of" in store.inputs_of(items["labels"])
    assert store.inputs_of(items["replies"]) == ""


def test_files_that_the_store_did_not_write_are_no_items(tmp_path: Path) -> None:
    for name in ("replies/mine.json", "readings/book.txt", "unfinished/draft/a", f"photos/{KEY}/a.jpg", f"hosted/{KEY}.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert list(local_items(tmp_path)) == []


def test_removed_items_are_gone_and_other_ones_stay(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    filled(store)
    for item in list(store.items()):
        assert store.remove(item)
        assert not store.remove(item)
    assert list(store.items()) == []
    assert list((tmp_path / "labels").iterdir()) == []


def test_an_item_that_a_job_holds_stays(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    filled(store)
    items = {item.part: item for item in store.items()}
    with LocalStore(tmp_path).lock(f"labels-{items['labels'].key}"), LocalStore(tmp_path).lock(items["unfinished"].key):
        assert not store.remove(items["labels"])
        assert not store.remove(items["unfinished"])
    assert {item.part for item in store.items()} == {*items}


def test_an_item_that_was_used_since_it_was_listed_stays(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    filled(store)
    listed = [aged(store, item) for item in store.items()]
    assert [item for item in listed if item.used > time.time() - 86400] == []
    store.find("labels", [1], Path.iterdir)
    for name in ("replies", "readings"):
        os.utime(next((tmp_path / name).rglob(f"{KEY}.*")))
    (tmp_path / "unfinished" / f"tunings-{KEY}" / "training.safetensors").write_text("more")
    assert [store.remove(item) for item in listed] == [False] * 4


def test_a_stage_that_is_found_is_used_and_whole(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    filled(store)
    (item,) = (item for item in store.items() if item.part == "labels")
    before = aged(store, item)
    mark_used(tmp_path / "labels" / item.key)
    (after,) = (item for item in store.items() if item.part == "labels")
    assert (after.used > before.used, after.made) == (True, before.made)
    assert store.find("labels", [1], Path.iterdir) is not None
