"""Labellings that are killed at random moments; out comes what the server sent beside what the store kept.

The server misbehaves on the way: 429 with and without Retry-After, 500, a dropped connection, a slow drip, malformed JSON, a
reply cut off in mid-pair, and one that holds no pair. What it says to a request, and which faults come before, depends on the
request alone: so a labelling that was killed has to end as one that was not.
"""

import hashlib
import json
import multiprocessing
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from runner.data.records import Labelling, read
from runner.pipeline.stages import label
from tests.given import student, study
from tests.server import Asked, Response, Server, completion, refusal, serving

CONCURRENCY = 8
LONGEST = 0.6  # seconds from the first request to a kill
FAULTS = {
    "429": lambda said: refusal(429, "slow down"),
    "429 and when": lambda said: refusal(429, "slow down", Retry_After="0.05"),
    "500": lambda said: refusal(500, "broken"),
    "dropped": lambda said: completion(said, cut=60),
    "malformed": lambda said: Response(b'{"choices": [{"message"'),
}
REPLIES = {
    "fit": lambda said: completion(said),
    "drip": lambda said: completion(said, pieces=10, pause=0.02),
    "cut off": lambda said: completion(said[: 2 * len(said) // 3], finish="length"),
    "no pairs": lambda said: completion("I would rather not."),
}
STAGE = ["runner.pipeline.stages", "runner.hosts.client", "tests.given"]  # what a life imports, so that it starts at once
COMMAND = ["runner.run", *STAGE, "mlflow.store.tracking.sqlalchemy_store"]


class Teacher:
    """Says the same to the same request, after two faults at most; `said` holds requests, kinds of response and how they went."""

    def __init__(self, faults: float = 0.15) -> None:
        """Each of the two comes with this probability."""
        self.faults = faults
        self.said: list[tuple[str, str, Asked]] = []
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
        self.said.append((key, kind, asked))
        return {**FAULTS, **REPLIES}[kind](_reply(asked.body["messages"][0]["content"], key))

    def sent(self, begin: int = 0) -> Counter[str]:
        """How many replies went out whole, by request; of all responses or of those from `begin` on."""
        return Counter(key for key, kind, asked in self.said[begin:] if kind in REPLIES and asked.answered)


def request(messages: Sequence[dict[str, str]]) -> str:
    """A request by its turns."""
    return hashlib.sha256(json.dumps(messages, sort_keys=True).encode()).hexdigest()


def _reply(text: str, key: str) -> str:
    """Facts, the numbers of those that serve, or pairs that no other reply holds, of which one may be empty."""
    if text.startswith("List every atomic fact"):
        return json.dumps([f"{sentence}." for sentence in text.split("\n\n")[1].split(".")[:-1]])
    if text.startswith("The purpose of a study"):
        return json.dumps([number for number in range(1, 5) if f"\n{number}. " in text])
    pairs = [{"question": f"What is number {n} of {key[:12]}?", "answer": f"It is {n}."} for n in range(5)]
    pairs[0]["answer"] *= key[0] > "1"
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
    """A corpus and a server, and labellings that are killed, or not; faults are told by AssertionErrors."""

    def __init__(self, server: Server, teacher: Teacher, overrides: Sequence[str], tracking: str) -> None:
        """`tracking` is the tracking store of the command; where there is none, the stage runs without the command around it."""
        self.server, self.teacher, self.tracking = server, teacher, tracking
        self.overrides = [*overrides, f"teacher.base_url={server.url}", f"teacher.concurrency={CONCURRENCY}"]
        self.tally = Tally(kinds=teacher.kinds)
        self.spawning = multiprocessing.get_context("forkserver")
        self.spawning.set_forkserver_preload(COMMAND if tracking else STAGE)

    def labelled(self, method: str, store: Path, chance: random.Random, kills: int) -> tuple[str, str]:
        """What a labelling leaves that is killed up to so many times, and then let be; every life of it is checked."""
        lost = 0
        self.teacher.said.clear()
        self.teacher.times.clear()
        while True:
            known, begin = kept(store), len(self.teacher.said)
            seconds = chance.uniform(0, LONGEST) if kills else 120
            ended = self._live(store, [f"method={method}", f"store={store}"], seconds)
            self._paid_once(known, begin)
            more = self._missing(store) - lost
            assert more <= (0 if ended else CONCURRENCY), f"{more} whole replies are not kept"
            if ended:
                self.tally.requests.append(len(kept(store)))
                return outcome(store)
            kills, lost = kills - 1, lost + more
            self.tally.lost.append(more)

    def _live(self, store: Path, overrides: Sequence[str], seconds: float) -> bool:
        """Start the command and kill it, so many seconds after its first request; whether its labels were finished by then."""
        before, said = self.server.count, store.with_suffix(".txt")
        process = self.spawning.Process(target=_life, args=([*self.overrides, *overrides], self.tracking, said))
        process.start()
        until = time.monotonic() + 120
        while process.is_alive() and not finished(store) and time.monotonic() < until:
            if self.server.count > before and until - time.monotonic() > seconds:
                until = time.monotonic() + seconds
            time.sleep(0.002)
        alive, ended = process.is_alive(), bool(finished(store))
        process.kill()
        process.join()
        assert alive or ended, f"the command ended by itself:\n{said.read_text()[-2000:]}"
        while self.server.open:  # what was on its way to the dead process is sent or refused
            time.sleep(0.002)
        return ended

    def _paid_once(self, known: Counter[str], begin: int) -> None:
        """No request is sent whose reply was kept, and none again in the life in which its whole reply was sent."""
        again = {key for key, *_ in self.teacher.said[begin:]} & set(known)
        assert not again, f"{len(again)} requests whose replies were kept are asked again"
        assert max(self.teacher.sent(begin).values(), default=0) <= 1, "a request is asked again behind its whole reply"

    def _missing(self, store: Path) -> int:
        """Whole replies that were sent and are not kept."""
        sent, found = self.teacher.sent(), kept(store)
        assert not found - sent, "the store holds a reply that was never sent"
        return sum((sent - found).values())


def _life(overrides: Sequence[str], tracking: str, said: Path) -> None:
    """The command or the stage, in a process of its own; what it says goes into a file."""
    with said.open("w") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
    if not tracking:
        label(study(*overrides))
        return
    from runner.run import main

    os.chdir(said.parent)
    sys.argv = ["run.py", *overrides, f"tracker.uri={tracking}"]
    main()


def undisturbed(method: str, overrides: Sequence[str], store: Path) -> tuple[str, str]:
    """What a labelling leaves that nobody kills, of a server that never fails."""
    with serving(Teacher(faults=0).respond, remembers=False) as server:
        label(study(*overrides, f"method={method}", f"store={store}", f"teacher.base_url={server.url}"))
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
            found = killing.labelled(method, folder / f"killed-{number}", chance, left)
            assert found == expected[method], "the labels are not those of a labelling that nobody killed"
    return killing.tally
