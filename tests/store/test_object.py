"""A store of objects makes a stage once for all machines, and shares replies and references."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from runner.data.local_folder import CACHE
from runner.store import Use
from runner.store.object import ObjectStore
from runner.store.reply_cache import CachedModel
from tests.given import Scripted, said
from tests.store.test_reply_cache import prompts

ROOT = Path(__file__).resolve().parents[2]

# A process that makes stages one after another, and prints the text of each that counts.
MAKER = """
import os, sys, uuid
from pathlib import Path
from runner.store.object import ObjectStore

address, count = sys.argv[1], int(sys.argv[2])
store, own = ObjectStore(address, patience=20), uuid.uuid4().hex
for number in range(count):
    kept = store.keep("labels", [number], lambda folder: (folder / "out").write_text(own) and None, Path.iterdir)
    print((kept.folder / "out").read_text(), flush=True)
"""


def machine(address: str, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ObjectStore:
    """The store as a machine with a cache of its own sees it."""
    monkeypatch.setenv(CACHE, str(tmp_path / name))
    return ObjectStore(address, patience=2)


class Maker:
    """A function that makes a stage, and counts how often."""

    def __init__(self, text: str, large: bool = False) -> None:
        self.text, self.large, self.count = text, large, 0

    def __call__(self, folder: Path) -> None:
        self.count += 1
        (folder / "out").write_text(self.text)
        if self.large:
            (folder / "weights").write_bytes(bytes(2**20 + 1))


@pytest.mark.parametrize("kind", ["memory", "s3"])
def test_a_stage_that_one_machine_made_is_found_by_another(
    kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    address = request.getfixturevalue(kind)
    first, second = (machine(address, name, monkeypatch, tmp_path) for name in "ab")
    made, again = Maker("first"), Maker("second")
    kept = first.keep("labels", [1], made, Path.iterdir)
    found = second.find("labels", [1], Path.iterdir)
    assert found
    assert found.folder != kept.folder
    assert (found.key, found.seconds, (found.folder / "out").read_text()) == (kept.key, kept.seconds, "first")
    assert second.keep("labels", [1], again, Path.iterdir) == found
    assert (made.count, again.count) == (1, 0)
    assert second.find("labels", [2], Path.iterdir) is None


def test_two_machines_that_make_a_stage_at_once_end_with_one(
    memory: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first, second = (machine(memory, name, monkeypatch, tmp_path) for name in "ab")
    made = Maker("first")

    def slow(folder: Path) -> None:
        # The other one takes this one for dead, and is done before it.
        monkeypatch.setattr(second, "lock", lambda key: threading.Lock())
        second.keep("labels", [1], Maker("second"), Path.iterdir)
        made(folder)

    kept = first.keep("labels", [1], slow, Path.iterdir)
    assert made.count == 1
    assert (kept.folder / "out").read_text() == "second"
    assert sum(name.endswith("/out") for name in first.bucket.list("stages")) == 1


def test_threads_of_two_machines_make_a_stage_once(memory: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made, texts = Maker("one"), list[str]()
    stores = [machine(memory, name, monkeypatch, tmp_path) for name in "ab"]

    def work(store: ObjectStore) -> None:
        texts.append((store.keep("labels", [1], made, Path.iterdir).folder / "out").read_text())

    threads = [threading.Thread(target=work, args=[store]) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (made.count, texts) == (1, ["one", "one"])


def test_a_damaged_copy_is_fetched_again_and_not_made(memory: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    store, made = machine(memory, "a", monkeypatch, tmp_path), Maker("one")
    kept = store.keep("labels", [1], made, Path.iterdir)
    (kept.folder / "out").write_text("cut")
    again = store.keep("labels", [1], made, Path.iterdir)
    assert ((again.folder / "out").read_text(), made.count) == ("one", 1)


def test_a_stage_that_is_damaged_in_the_bucket_is_made_again(
    memory: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    machine(memory, "a", monkeypatch, tmp_path).keep("labels", [1], Maker("one"), Path.iterdir)
    second = machine(memory, "b", monkeypatch, tmp_path)
    second.bucket.remove([name for name in second.bucket.list("stages") if name.endswith("/out")])
    assert second.find("labels", [1], Path.iterdir) is None
    assert "is damaged (" in caplog.text
    second.keep("labels", [1], Maker("two"), Path.iterdir)
    found = machine(memory, "c", monkeypatch, tmp_path).find("labels", [1], Path.iterdir)
    assert found
    assert (found.folder / "out").read_text() == "two"


def test_stages_are_listed_without_their_weights_which_a_find_fetches(
    memory: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    machine(memory, "a", monkeypatch, tmp_path).keep("tunings", ["x"], Maker("one", large=True), Path.iterdir)
    second = machine(memory, "b", monkeypatch, tmp_path)
    ((inputs, kept),) = second.finished("tunings", Path.iterdir)
    assert sorted(path.name for path in kept.folder.iterdir()) == ["manifest.json", "out"]
    found = second.find("tunings", inputs, Path.iterdir)
    assert found
    assert (found.key, (found.folder / "weights").stat().st_size) == (kept.key, 2**20 + 1)
    assert [each.key for _, each in second.finished("tunings", Path.iterdir)] == [kept.key]


def test_a_reply_that_one_machine_paid_for_is_found_by_another(
    memory: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    model = Scripted(lambda prompt: said(prompt).upper())
    for name in "ab":
        store = machine(memory, name, monkeypatch, tmp_path)
        replies = dict(CachedModel(model, store.replies, shared=store.shared).ask(prompts("a", "b")))
        assert [replies[place].text for place in (0, 1)] == ["A", "B"]
    assert [said(prompt) for prompt in model.asked] == ["a", "b"]
    third = machine(memory, "c", monkeypatch, tmp_path)
    found = CachedModel(model, third.replies, shared=third.shared).find_each(prompts("c", "b"))
    assert {place: reply.text for place, reply in found.items()} == {1: "B"}


def test_references_of_runs_are_those_of_all_machines(memory: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first, second = (machine(memory, name, monkeypatch, tmp_path) for name in "ab")
    assert first.uses().lists == ()
    first.refer(Use("arm", "file", frozenset({"labels/a"})))
    second.refer(Use("arm", "file", frozenset({"labels/b"})))
    (use,) = first.uses().lists
    assert use == Use("arm", "file", frozenset({"labels/a", "labels/b"}))
    assert first.uses().since > 1.7e9
    second.forget(use)
    assert first.uses().lists == ()


def test_an_item_is_removed_with_its_copy_unless_a_job_holds_it(
    memory: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first, second = (machine(memory, name, monkeypatch, tmp_path) for name in "ab")
    kept = first.keep("labels", ["inputs"], Maker("one"), Path.iterdir)
    (item,) = first.items()
    assert (item.name, "inputs" in first.inputs_of(item)) == (f"labels/{kept.key}", True)
    with second.lock(f"labels-{kept.key}"):
        assert not first.remove(item)
    assert first.remove(item)
    assert (list(first.items()), kept.folder.exists(), first.remove(item)) == ([], False, False)


def test_a_check_sends_replies_that_an_earlier_command_could_not_send(
    memory: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    store = machine(memory, "a", monkeypatch, tmp_path)
    for file, text in ((store.replies / "ab" / "1.json", "paid"), (store.replies.with_name("unsent") / "ab-1.json", "")):
        file.parent.mkdir(parents=True)
        file.write_text(text)
    store.check()
    assert store.bucket.read("replies/ab/1.json") == b"paid"


def written_by_two(address: str, count: int, tmp_path: Path) -> list[list[str]]:
    """What two processes with caches of their own saw of the stages that both made."""
    import os

    command = [sys.executable, "-c", MAKER, address, str(count)]
    processes = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, CACHE: str(tmp_path / name)})
        for name in "ab"
    ]
    return [process.communicate(timeout=300 + 2 * count)[0].split() for process in processes]


@pytest.mark.parametrize("count", [5, pytest.param(300, marks=pytest.mark.slow)])
def test_two_processes_that_write_one_stage_end_with_one_each_time(s3: str, count: int, tmp_path: Path) -> None:
    first, second = written_by_two(s3, count, tmp_path)
    assert len(first) == count
    assert first == second
    heads = [name for name in ObjectStore(s3).bucket.list("stages") if name.endswith("/head.json")]
    assert len(heads) == count
    assert json.loads(ObjectStore(s3).bucket.read(heads[0]) or b"")["attempt"]
