"""Objects of a bucket in, a store's items out."""

from collections.abc import Iterator, Mapping

from runner.store import StoredItem
from runner.store.bucket import Bucket
from runner.store.leftovers import UNFINISHED
from runner.store.local_items import REPLIES
from runner.store.published import HEAD, STAGES

Objects = Mapping[str, tuple[int, float]]  # bytes and time by name


def bucket_items(bucket: Bucket) -> Iterator[StoredItem]:
    """Yield stages, replies, and what attempts without an end left."""
    stages: dict[tuple[str, str], dict[str, tuple[int, float]]] = {}
    for name, state in bucket.list(STAGES).items():
        match name.split("/"):
            case [_, stage, key, _, *_]:  # another object is not ours
                stages.setdefault((stage, key), {})[name] = state
    for (stage, key), objects in stages.items():
        complete = f"{STAGES}/{stage}/{key}/{HEAD}" in objects
        size, last = sum(size for size, _ in objects.values()), last_written(objects)
        yield StoredItem(stage, key, size, last, last) if complete else StoredItem(UNFINISHED, f"{stage}-{key}", size, last, last)
    for name, (size, time) in bucket.list(REPLIES).items():
        yield StoredItem(REPLIES, name.rpartition("/")[2], size, time, time)


def folder_of(item: StoredItem) -> str:
    """Return the folder of an item's objects; a reply's name."""
    if item.part == REPLIES:
        return f"{REPLIES}/{item.key[:2]}/{item.key}"
    stage, key = item.key.rsplit("-", 1) if item.part == UNFINISHED else (item.part, item.key)
    return f"{STAGES}/{stage}/{key}"


def last_written(objects: Objects) -> float:
    """Return when the newest of some objects was written."""
    return max(time for _, time in objects.values())
