"""The routes of the page: the next item, a verdict on it, undo, and the summary."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple

from fastapi import APIRouter, Form, Query
from jinja2 import Environment
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from runner.errors import InvalidInput
from runner.review_page import Candidate
from runner.review_page.access import name_in
from runner.review_page.report import summary
from runner.review_page.review_queue import STATES, ItemFilter
from runner.review_page.session import GivenVerdict, ReviewSession
from runner.review_page.view import PAST, address, meanwhile, work

LONGEST = 300  # values of a filter that are listed: each costs the browser time in every turn


class VerdictFields(ItemFilter, frozen=True):
    """A verdict and the filter, from the page's form."""

    item: str
    verdict: Literal["accept", "edit", "reject", "right", "wrong"]
    question: str = ""
    answer: str = ""
    aliases: str | None = None  # one a line
    note: str = ""
    settles: bool = False
    seen: int = 0

    @property
    def chosen(self) -> ItemFilter:
        """Return the filter."""
        return ItemFilter(**{name: getattr(self, name) for name in ItemFilter.model_fields})

    @property
    def judgement(self) -> GivenVerdict:
        """Return the verdict."""
        lines = None if self.aliases is None else tuple(line.strip() for line in self.aliases.splitlines() if line.strip())
        texts = {"question": self.question, "answer": self.answer, "note": self.note.strip()}
        return GivenVerdict(verdict=self.verdict, aliases=lines, settles=self.settles, **texts)


class Place(NamedTuple):
    """The item to show: itself, or its neighbour."""

    at: str  # the id of the item
    after: str  # or that of the one before it
    before: str  # or that of the one behind it


@dataclass(frozen=True)
class ItemPages:
    """Answers of the page: whole, or the part that changes."""

    session: ReviewSession
    pages: Environment

    def show(
        self, request: Request, who: str, chosen: ItemFilter, candidate: Candidate | None, status: str = "", code: int = 200
    ) -> Response:
        """Show an item; `status` says what was done before."""
        values = work(self.session, who, chosen, candidate, status)
        place = address(chosen, candidate.item.id if candidate else "")
        if "hx-request" in request.headers:
            # The address follows, so that a page that is loaded again shows the same item.
            return HTMLResponse(self.pages.get_template("work.html").render(values), code, {"HX-Replace-Url": place})
        if request.method != "GET":  # of a browser without script
            return RedirectResponse(place, 303)
        session = self.session
        values |= {"name": session.gathered.name, "values": session.values, "states": STATES, "notes": session.gathered.notes}
        values["longest"] = LONGEST
        return HTMLResponse(self.pages.get_template("page.html").render(values), code)

    def answer(self, request: Request, show: Callable[[str], Response]) -> Response:
        """Answer a reviewer, from all reviews that are there now."""
        if not (who := _named(self.session, request)):
            return RedirectResponse("/name", 303)
        with self.session.lock:
            self.session.state.refresh()
            return show(who)

    def item(self, request: Request, who: str, chosen: ItemFilter, place: Place) -> Response:
        """Show an item, a neighbour of one, or the first."""
        session, other = self.session, place.after or place.before
        if not other:
            return self.show(request, who, chosen, session.candidates.get(place.at) or session.queue.following(chosen, who))
        candidate = session.queue.following(chosen, who, other, back=bool(place.before))
        if candidate is None and other in session.candidates:
            return self.show(request, who, chosen, session.candidates[other], "There is no other item here.")
        return self.show(request, who, chosen, candidate)

    def judge(self, request: Request, who: str, fields: VerdictFields) -> Response:
        """Write a verdict, and show the next item."""
        session, candidate = self.session, self.session.candidates.get(fields.item)
        if candidate is None:
            raise HTTPException(404, "this item is not among those of the page. Load the page again")
        try:
            review = session.judge(candidate, who, fields.judgement)
        except InvalidInput as refusal:
            return self.show(request, who, fields.chosen, candidate, f"Not kept: {refusal}.")
        status = f"You {PAST[review.verdict]}. {meanwhile(session, who, candidate, fields.seen)}".strip()
        following = session.queue.following(fields.chosen, who, candidate.item.id)
        return self.show(request, who, fields.chosen, following, status)

    def undo(self, request: Request, who: str, chosen: ItemFilter, item: str) -> Response:
        """Take back the last review, and show its item."""
        review = self.session.undo(who)
        if review is None:
            return self.show(request, who, chosen, self.session.candidates.get(item), "There is nothing to undo.")
        undone = self.session.candidates.get(review.before.id)
        return self.show(request, who, chosen, undone, f"Undone: you {PAST[review.verdict]}.")

    def report(self, who: str) -> Response:
        """Show the summary."""
        values: dict[str, Any] = {"name": self.session.gathered.name, "who": who, "summary": summary(self.session)}
        values |= {"file": self.session.file, "notes": self.session.gathered.notes}
        return HTMLResponse(self.pages.get_template("summary.html").render(values))


def routes(session: ReviewSession, pages: Environment) -> APIRouter:
    """Return the routes over a session's items."""
    router, shown = APIRouter(), ItemPages(session, pages)

    @router.get("/")
    def item(
        request: Request, chosen: Annotated[ItemFilter, Query()], at: str = "", after: str = "", before: str = ""
    ) -> Response:
        return shown.answer(request, lambda who: shown.item(request, who, chosen, Place(at, after, before)))

    @router.post("/verdict")
    def verdict(request: Request, fields: Annotated[VerdictFields, Form()]) -> Response:
        return shown.answer(request, lambda who: shown.judge(request, who, fields))

    @router.post("/undo")
    def undo(request: Request, chosen: Annotated[ItemFilter, Form()], item: Annotated[str, Form()] = "") -> Response:
        return shown.answer(request, lambda who: shown.undo(request, who, chosen, item))

    @router.get("/summary")
    def report(request: Request) -> Response:
        return shown.answer(request, shown.report)

    return router


def _named(session: ReviewSession, request: Request) -> str:
    """Return the reviewer's name; "" if it must be asked."""
    who = name_in(request)
    return who if not session.plan.reviewers or who in session.plan.reviewers else ""
