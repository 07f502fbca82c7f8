"""Processes of one command share its budget: together they never pass it, and none waits for a process that was killed."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import pytest

from runner.errors import Fault
from runner.spending.budget import Budget, BudgetGuard
from runner.spending.ledger import OwnLedger, Reservation, SharedLedger, Total, current_ledger, paying_from, reserve
from runner.spending.usage import Usage
from runner.store.sweep_notes import SPENDING, SweepNotes
from tests.server import Asked, Response, completion, serving

LIMIT = 240  # seconds for a process on a busy machine
# A process that asks a server within the shared budget, and prints how many replies it got, or why it stopped.
ASKS = """
import json, logging, sys
from pathlib import Path
from runner.data.records import chat
from runner.errors import Fault
from runner.model.openai import OpenAI
from runner.spending.budget import Budget, BudgetGuard
from runner.spending.ledger import SharedLedger
from runner.store.sweep_notes import SweepNotes
logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(message)s")
folder, name, url, number, limits = sys.argv[1:]
notes, model = SweepNotes(Path(folder)), OpenAI(id="m", base_url=url, key=None, concurrency=4)
prompts = [chat(f"question {place} of {name}", "", 200) for place in range(int(number))]
with notes.holding(name) as holder:
    guard = BudgetGuard(Budget(**json.loads(limits)), {}, SharedLedger(notes, holder))
    try:
        print("replies:", len(list(guard.ask(model, prompts))), flush=True)
    except Fault as fault:
        print(fault, flush=True)
"""


@contextmanager
def asking(folder: Path, name: str, url: str, number: int, **limits: float) -> Iterator[subprocess.Popen[str]]:
    """Start a process that asks so many prompts; kill it at the end of the block if it is still at work."""
    words = [sys.executable, "-c", ASKS, str(folder), name, url, str(number), json.dumps(limits)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition."""
    end = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_two_processes_use_up_one_budget_and_never_pass_it(tmp_path: Path) -> None:
    limit = {"requests": 41}
    with serving(lambda asked: completion("yes", delay=0.01)) as server:
        with asking(tmp_path, "a", server.url, 30, **limit) as one, asking(tmp_path, "b", server.url, 30, **limit) as other:
            printed = [process.communicate(timeout=LIMIT)[0] for process in (one, other)]
        assert len(server.asked) == 41
    ended = sorted(text.splitlines()[-1].partition(":")[0] for text in printed)
    assert ended == ["replies", "stopped before the budget is passed"]
    stopped = next(text for text in printed if "stopped before" in text)
    assert "this command used 41 of budget.requests=41" in stopped
    assert SharedLedger(SweepNotes(tmp_path), "test").read().total.requests == 41


def test_a_process_waits_for_what_another_one_has_reserved_and_goes_on_when_it_is_released(tmp_path: Path) -> None:
    notes = SweepNotes(tmp_path)
    with serving(lambda asked: completion("yes")) as server, notes.holding("first") as holder:
        reservation = reserve(SharedLedger(notes, holder), {}, Total(requests=10), lambda total: True)
        assert reservation
        with asking(tmp_path, "second", server.url, 5, requests=12) as process:
            assert process.stdout
            lines = iter(process.stdout.readline, "")
            assert "have reserved the rest of its budget" in next(line for line in lines if line.startswith("waiting"))
            assert len(server.asked) == 2
            for _ in range(9):
                reservation.release(Usage(model="m", hosted=True, requests=1))
            with reservation:
                pass
            assert "replies: 5\n" in lines
        assert len(server.asked) == 5


def test_what_a_killed_process_had_reserved_counts_and_nobody_waits_for_it(tmp_path: Path) -> None:
    def respond(asked: Asked) -> Response:
        return completion("yes", delay=LIMIT if "of killed" in asked.said else 0)

    with serving(respond) as server:
        with asking(tmp_path, "killed", server.url, 6, requests=10) as process:
            until(lambda: len(server.asked) == 4)  # as many as it has in flight
            process.kill()
        with asking(tmp_path, "next", server.url, 10, requests=10) as process:
            printed = process.communicate(timeout=LIMIT)[0]
        assert "this command used 10 of budget.requests=10" in printed
        assert "What runs that were killed had reserved counts too" in printed
        assert len([asked for asked in server.asked if "of next" in asked.said]) == 4


def test_what_was_sent_and_not_answered_counts_and_what_was_never_sent_does_not() -> None:
    from runner.data.records import chat
    from runner.model.openai import OpenAI

    ledger = OwnLedger()
    with serving(lambda asked: completion("yes")) as server:
        model = OpenAI(id="m", base_url=server.url, key=None, concurrency=4)
        replies = BudgetGuard(Budget(requests=100), {}, ledger).ask(model, [chat(f"question {n}", "", 20) for n in range(50)])
        next(replies)
        replies.close()  # as on Ctrl-C
        assert 1 <= len(server.asked) <= ledger.book.total.requests <= 5
    assert ledger.book.reserved == {}


def test_work_that_fails_counts_at_its_highest_cost() -> None:
    ledger, most = OwnLedger(), Usage(model="m", hosted=True, requests=1, trained_tokens=90)

    def fails() -> Usage:
        raise ValueError("the host is down")

    guard = BudgetGuard(Budget(tokens=100), {}, ledger)
    with pytest.raises(ValueError, match="the host is down"):
        guard.once("tuning m", most, fails)
    assert (ledger.book.total.tokens, ledger.book.reserved) == (90, {})
    with pytest.raises(Fault, match=r"this command used 90 of budget\.tokens=100, and tuning m, which takes up to 90 tokens,"):
        guard.once("tuning m", most, lambda: most)


def test_the_ledger_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    notes = SweepNotes(tmp_path)
    ledger = SharedLedger(notes, "job-1-abc")
    reservation = reserve(ledger, {}, Total(usd=0.5, tokens=7, requests=2), lambda total: True)
    assert isinstance(reservation, Reservation)
    assert list(ledger.read().reserved.values()) == [Total(usd=0.5, tokens=7, requests=2)]
    assert notes.read(SPENDING) == asdict(ledger.read())
    assert reserve(ledger, {}, Total(requests=1), lambda total: total.requests < 3) is None


def test_paid_work_uses_the_ledger_of_the_block_around_it() -> None:
    before = current_ledger()
    with paying_from(OwnLedger()) as ledger:
        assert BudgetGuard(Budget(), {}).ledger is ledger
    assert current_ledger() is before
