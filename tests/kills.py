"""Labellings that are killed at random moments: what the server sent is compared with what the store kept.

The server misbehaves on the way: 429 with and without Retry-After, 500, a dropped connection, a slow drip, malformed JSON, a
reply cut off in mid-pair, and one that holds no pair. Its reply to a request, and the faults before it, depend on the request
alone. So a labelling that was killed must end as one that was not.
"""

import hashlib
import json
import multiprocessing
import os
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from runner.data.records import Labelling, read
from runner.pipeline.labels import label
from runner.pipeline.store_executor import StoreExecutor
from tests.given import student, study
from tests.server import Asked, Response, Server, completion, refusal, serving

CONCURRENCY = 8
# A request for each fact: the more requests a labelling has, the more moments it can be killed at.
CHOICES = {"token": ["method=token"], "fact": ["method=fact", "method.together=1"]}
LONGEST = 0.6  # seconds from the first request to a kill
FAULTS = {
    "429": lambda text: refusal(429, "slow down"),
    "429 and when": lambda text: refusal(429, "slow down", Retry_After="0.05"),
    "500": lambda text: refusal(500, "broken"),
    "dropped": lambda text: completion(text, cut=60),
    "malformed": lambda text: Response(b'{"choices": [{"message"'),
}
REPLIES = {
    "fit": lambda text: completion(text),
    "drip": lambda text: completion(text, pieces=10, pause=0.02),
    "cut off": lambda text: completion(text[: 2 * len(text) // 3], finish="length"),
    "no pairs": lambda text: completion("I would rather not."),
}
# Imported beforehand, so that each life starts at once.
STAGE = ["runner.pipeline.store_executor", "runner.pipeline.labels", "runner.hosts.client", "tests.given"]
COMMAND = ["runner.run", *STAGE, "mlflow.store.tracking.sqlalchemy_store"]


class Teacher:
    """Gives the same reply to the same request, after two faults at most.

    `sent` holds each request with the kind of its response.
    """

    def __init__(self, faults: float = 0.15) -> None:
        """Each of the two faults comes with this probability."""
        self.faults = faults
        self.sent: list[tuple[str, str, Asked]] = []
        self.times, self.kinds = Counter[str](), Counter[str]()

    def respond(self, asked: Asked) -> Response:
        """A fault, or a reply."""
        key = request(asked.body["messages"])
        chance, before = random.Random(key), self.times[key]
        fit = chance.choices(list(REPLIES), [85, 5, 5, 5])[0]
        faults = [chance.choice(list(FAULTS)) for _ in range(2) if chance.random() < self.faults]
        kind = faults[before] if before < len(faults) else fit
        self.times[key] += 1
        self.kinds[kind] += 1
        self.sent.append((key, kind, asked))
        return {**FAULTS, **REPLIES}[kind](_reply(asked.body["messages"][0]["content"], key))

    def whole(self, begin: int = 0) -> Counter[str]:
        """Count the replies that went out whole, by request; of all responses or of those from `begin` on."""
        return Counter(key for key, kind, asked in self.sent[begin:] if kind in REPLIES and asked.answered)


def request(messages: Sequence[dict[str, str]]) -> str:
    """Name a request by its turns."""
    return hashlib.sha256(json.dumps(messages, sort_keys=True).encode()).hexdigest()


def _reply(text: str, key: str) -> str:
    """Facts, the numbers of those that serve, or pairs that no other reply holds, of which one may be empty."""
    if text.startswith("List every atomic fact"):
        return json.dumps([f"{sentence}." for sentence in text.split("\n\n", 2)[2].split(".")[:-1]])
    facts = re.findall(r"^(\d+)\. ", text, re.MULTILINE)
    if text.startswith("Below are facts"):
        return json.dumps([int(number) for number in facts])
    pairs = [
        {"fact": int(fact), "question": f"What is number {n} of fact {fact} of {key[:12]}?", "answer": f"It is {n}."}
        for fact in facts or ["1"]
        for n in range(5)
    ]
    pairs[0]["answer"] = str(pairs[0]["answer"]) * (key[0] > "1")
    return json.dumps(pairs)


def corpus(folder: Path, sections: int) -> list[str]:
    """So many sections of four facts, and a student that can't be loaded, as overrides: a run ends behind its labels."""
    (folder / "docs" / "documents").mkdir(parents=True)
    for number in range(sections):
        text = " ".join(f"Pin {pin} of part {number} is number {17 * number + pin}, as table {number} says." for pin in range(4))
        (folder / "docs" / "documents" / f"{number:03}.md").write_text(f"# Part {number}\n\n{text}\n")
    (folder / "docs" / "exam.jsonl").write_text('{"question": "What is part 1?", "answer": "a part"}\n')
    chosen = ["corpus=folder", f"corpus.path={folder}/docs", "corpus.purpose=Know the pins.", "retriever=lexical"]
    return [*chosen, *student(folder), "retention=none", "model@teacher=compatible", "teacher.id=m", "size=10x"]


def kept(store: Path) -> Counter[str]:
    """The requests whose replies a store holds."""
    files = (json.loads(file.read_bytes()) for file in store.glob("replies/*/*.json"))
    return Counter(request(entry["request"]["prompt"]["messages"]) for entry in files)


def finished(store: Path) -> list[Path]:
    """The labelling of a store, where it is finished."""
    return [manifest.parent for manifest in store.glob("labels/*/manifest.json") if not manifest.parent.name.startswith(".")]


def outcome(store: Path) -> tuple[str, str]:
    """The labels with their ledgers, and what they cost."""
    (folder,) = finished(store)
    (labelling,) = read(folder / "labelling.jsonl", Labelling)  # which refuses a ledger that does not reconcile
    assert len(labelling.labels) == labelling.ledgers[-1].kept > 0
    return (folder / "labelling.jsonl").read_text(), (folder / "spent.jsonl").read_text()


@dataclass
class Tally:
    """Requests of each finished labelling, whole replies that each kill lost, and responses of each kind."""

    requests: list[int] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)


class Killing:
    """A corpus and a server, and labellings that are killed, or not; an AssertionError says what is wrong."""

    def __init__(self, server: Server, teacher: Teacher, overrides: Sequence[str], tracking: str) -> None:
        """`tracking` is the tracking store of the command; where there is none, the stage runs without the command around it."""
        self.server, self.teacher, self.tracking = server, teacher, tracking
        self.overrides = [*overrides, f"teacher.base_url={server.url}", f"teacher.concurrency={CONCURRENCY}"]
        self.tally = Tally(kinds=teacher.kinds)
        self.spawning = multiprocessing.get_context("forkserver")
        self.spawning.set_forkserver_preload(COMMAND if tracking else STAGE)

    def labelled(self, method: str, store: Path, chance: random.Random, kills: int) -> tuple[str, str]:
        """Kill a labelling up to so many times, then let it end, and check every life of it; return what it leaves."""
        lost = 0
        self.teacher.sent.clear()
        self.teacher.times.clear()
        while True:
            known, begin = kept(store), len(self.teacher.sent)
            seconds = chance.uniform(0, LONGEST) if kills else 120
            ended = self._live(store, [*CHOICES[method], f"store={store}"], seconds)
            self._paid_once(known, begin)
            more = self._missing(store) - lost
            assert more <= (0 if ended else CONCURRENCY), f"{more} whole replies are not kept"
            if ended:
                self.tally.requests.append(len(kept(store)))
                return outcome(store)
            kills, lost = kills - 1, lost + more
            self.tally.lost.append(more)

    def _live(self, store: Path, overrides: Sequence[str], seconds: float) -> bool:
        """Start the command and kill it, so many seconds after its first request; return true if its labels were finished."""
        before, output = self.server.count, store.with_suffix(".txt")
        process = self.spawning.Process(target=_life, args=([*self.overrides, *overrides], self.tracking, output))
        process.start()
        until = time.monotonic() + 120
        while process.is_alive() and not finished(store) and time.monotonic() < until:
            if self.server.count > before and until - time.monotonic() > seconds:
                until = time.monotonic() + seconds
            time.sleep(0.002)
        alive, ended = process.is_alive(), bool(finished(store))
        process.kill()
        process.join()
        assert alive or ended, f"the command ended by itself:\n{output.read_text()[-2000:]}"
        while self.server.open:  # what was on its way to the dead process is sent or refused
            time.sleep(0.002)
        return ended

    def _paid_once(self, known: Counter[str], begin: int) -> None:
        """No request is sent whose reply was kept, and none again in the life in which its whole reply was sent."""
        again = {key for key, *_ in self.teacher.sent[begin:]} & set(known)
        assert not again, f"{len(again)} requests whose replies were kept are asked again"
        assert max(self.teacher.whole(begin).values(), default=0) <= 1, "a request is asked again behind its whole reply"

    def _missing(self, store: Path) -> int:
        """Whole replies that were sent and are not kept."""
        sent, replies = self.teacher.whole(), kept(store)
        assert not replies - sent, "the store holds a reply that was never sent"
        return sum((sent - replies).values())


def _life(overrides: Sequence[str], tracking: str, output: Path) -> None:
    """Run the command or the stage in a process of its own; its output goes into a file."""
    with output.open("w") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
    if not tracking:
        labelled_once(overrides)
        return
    from runner.run import main

    os.chdir(output.parent)
    sys.argv = ["run.py", *overrides, f"tracker.uri={tracking}"]
    main()


def labelled_once(overrides: Sequence[str]) -> None:
    """Label as a run does, without the command around it."""
    chosen = study(*overrides)
    label(chosen, StoreExecutor(chosen))


def undisturbed(method: str, overrides: Sequence[str], store: Path) -> tuple[str, str]:
    """Label without a kill by a server that never fails; return what it leaves."""
    with serving(Teacher(faults=0).respond, remembers=False) as server:
        labelled_once([*overrides, *CHOICES[method], f"store={store}", f"teacher.base_url={server.url}"])
    return outcome(store)


def killed(folder: Path, kills: int, sections: int, methods: Sequence[str] = ("token", "fact"), tracking: str = "") -> Tally:
    """Labellings by the methods in turns, from an empty store each, until so many kills are done and the last is finished."""
    teacher, chance, overrides = Teacher(), random.Random(0), corpus(folder, sections)
    expected = {method: undisturbed(method, overrides, folder / method) for method in methods}
    with serving(teacher.respond, latency=0.02, remembers=False) as server:
        killing = Killing(server, teacher, overrides, tracking)
        for number in count():
            method, left = methods[number % len(methods)], kills - len(killing.tally.lost)
            if left <= 0:
                break
            labels = killing.labelled(method, folder / f"killed-{number}", chance, left)
            assert labels == expected[method], "the labels are not those of a labelling that nobody killed"
    return killing.tally
