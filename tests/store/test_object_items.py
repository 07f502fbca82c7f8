"""Objects of a bucket are items by stage and key."""

from runner.store.bucket import Bucket
from runner.store.object_items import bucket_items, folder_of

KEY = "0123456789abcdef" * 2


def test_stages_replies_and_attempts_without_an_end_are_items(memory: str) -> None:
    bucket, reply = Bucket(memory), f"replies/{KEY[:2]}/{KEY}.json"
    for name in (f"stages/labels/{KEY}/a/out", f"stages/labels/{KEY}/head.json", f"stages/tunings/{KEY}/b/out", reply):
        bucket.write(name, b"1234")
    for name in ("uses/x.json", "locks/labels/1", "stages/readme"):
        bucket.write(name, b"1")
    items = {item.part: item for item in bucket_items(bucket)}
    assert {part: (item.key, item.bytes) for part, item in items.items()} == {
        "labels": (KEY, 8),
        "unfinished": (f"tunings-{KEY}", 4),
        "replies": (f"{KEY}.json", 4),
    }
    assert folder_of(items["labels"]) == f"stages/labels/{KEY}"
    assert folder_of(items["unfinished"]) == f"stages/tunings/{KEY}"
    assert folder_of(items["replies"]) == reply
