"""An item and a reviewer in, its page's content out."""

from typing import Any
from urllib.parse import urlencode

from runner.data.reviews import Review
from runner.review_page import Candidate
from runner.review_page.marking import marked
from runner.review_page.review_queue import STATES, ItemFilter
from runner.review_page.session import VERDICTS, ReviewSession

KINDS = {"label": "Label", "question": "Exam question", "answer": "Answer"}
PAST = {
    "accept": "accepted it",
    "edit": "edited it",
    "reject": "rejected it",
    "right": "called it right",
    "wrong": "called it wrong",
}
# Of each verdict: its key, and the word on its button.
BUTTONS = {
    "accept": ("a", "Accept"),
    "edit": ("e", "Edit"),
    "reject": ("r", "Reject"),
    "right": ("a", "Right"),
    "wrong": ("r", "Wrong"),
}


def work(session: ReviewSession, who: str, chosen: ItemFilter, candidate: Candidate | None, status: str = "") -> dict[str, Any]:
    """Return the values of the page's changing part."""
    done, total = session.queue.progress(chosen, who)
    values: dict[str, Any] = {
        "status": status,
        "done": done,
        "total": total,
        "chosen": chosen,
        "query": address(chosen),
        "who": who,
        "item": None,
        "state_words": STATES.get(chosen.state, chosen.state),
        "can_undo": session.state.last_of(who) is not None,
        "sample": len(session.plan.sample),
    }
    return values | (_of_item(session, who, chosen, candidate) if candidate else {})


def address(chosen: ItemFilter, item: str = "") -> str:
    """Return the page's address for a filter and an item."""
    given = {**chosen.given, **({"at": item} if item else {})}
    return f"/?{urlencode(given)}" if given else "/"


def _of_item(session: ReviewSession, who: str, chosen: ItemFilter, candidate: Candidate) -> dict[str, Any]:
    item, state = candidate.item, session.state
    section = session.gathered.sections.get(item.section)
    standing, own = state.standing(item.id), state.own(item.id, who)
    blind = session.queue.is_blind(item.id, who)
    disputed = standing is not None and standing.verdict == "disputed" and not blind
    settles = disputed and chosen.state == "disputed"
    # Before their own verdict nobody sees those of others, but where a dispute is settled.
    others = state.others(item.id, who) if settles or own else []
    stale = state.outdated(item.id)
    return {
        "item": item,
        "candidate": candidate,
        "kind": KINDS[item.kind],
        "buttons": [(verdict, *BUTTONS[verdict]) for verdict in VERDICTS[item.kind]],
        "section": section,
        "passage": marked(section.text, item, candidate.fact) if section else [],
        "own": _said(own) if own else "",
        "others": [_said(review, review.who) for review in others],
        "disputed": disputed and bool(own or settles),
        "settles": settles,
        "settle_address": address(ItemFilter(state="disputed"), item.id),
        "changes": session.shown.changes(stale.source, section) if stale and section else [],
        "stale": stale is not None,
        "seen": len(state.others(item.id, who)),
        "here": address(chosen, item.id),
    }


def _said(review: Review, who: str = "You") -> str:
    """Return a review in words."""
    words = f"{who} {PAST.get(review.verdict, review.verdict)}"
    if review.after:
        parts = [(review.before.question, review.after.question), (review.before.answer, review.after.answer)]
        words += ": " + " / ".join(after for before, after in parts if before != after)
    return f"{words} ({review.note})" if review.note else words


def meanwhile(session: ReviewSession, who: str, candidate: Candidate, seen: int) -> str:
    """Return a message if others judged an item meanwhile."""
    others = session.state.others(candidate.item.id, who)
    if len(others) <= seen or session.plan.is_shared(candidate.item.id):
        return ""
    standing = session.state.standing(candidate.item.id)
    disputed = " They differ, so the item is disputed." if standing and standing.verdict == "disputed" else ""
    return f"{', '.join(review.who for review in others)} judged the same item meanwhile. Both verdicts are kept.{disputed}"
