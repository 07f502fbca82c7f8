"""A small corpus under review: items, a session over them, and a client of its page."""

from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from runner.data.reviews import Item
from runner.review_page import Candidate
from runner.review_page.app import application
from runner.review_page.gathered import ReviewedItems
from runner.review_page.kept_doubts import most_doubtful_first
from runner.review_page.plan import ReviewPlan
from runner.review_page.session import GivenVerdict, ReviewSession
from runner.store.local import LocalStore
from tests.given import section

FIFO = section("The FIFO is 64 bytes deep. It has two ports. Its clock runs at 5 MHz.", document="uart.md", heading="FIFO")


def candidate(number: int = 0, kind: str = "label", **more: Any) -> Candidate:
    words = {"question": f"How deep is FIFO {number}?", "answer": "64 bytes", "section": FIFO.id, "category": "uart"}
    words |= {"method": "fact"} if kind == "label" else {}
    return Candidate(item=Item(kind=kind, **words | more), origin="teacher")  # type: ignore[arg-type]


def session(
    folder: Path, *candidates: Candidate, count: int = 3, plan: ReviewPlan | None = None, sections: Any = (FIFO,)
) -> ReviewSession:
    known = {each.id: each for each in sections}
    store = LocalStore(folder / "store")
    ordered = most_doubtful_first(candidates or [candidate(number) for number in range(count)], known, store)
    gathered = ReviewedItems(name="uart", candidates=tuple(ordered), sections=known, store=store, folder=folder)
    return ReviewSession(gathered, folder / "reviews.jsonl", plan or ReviewPlan())


def judged(reviewed: ReviewSession, who: str, *verdicts: str) -> None:
    """Judge the first items in turn."""
    for each, verdict in zip(reviewed.queue.candidates, verdicts, strict=False):
        reviewed.judge(each, who, GivenVerdict(verdict=verdict))  # type: ignore[arg-type]


def client(reviewed: ReviewSession, who: str = "Ada", key: str = "", host: str = "127.0.0.1") -> TestClient:
    made = TestClient(application(reviewed, host, key), base_url="http://127.0.0.1:8010", follow_redirects=True)
    if who:
        made.post("/name", data={"who": who, "given": key})
    return made
