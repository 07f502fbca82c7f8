"""The routes of the page: the next item, a verdict on it, undo, and the summary."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Query
from jinja2 import Environment
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from runner.errors import InvalidInput
from runner.review_page import Candidate
from runner.review_page.access import name_in
from runner.review_page.report import summary
from runner.review_page.review_queue import FILTERS, STATES, ItemFilter
from runner.review_page.session import GivenVerdict, ReviewSession
from runner.review_page.view import PAST, address, meanwhile, work


class FilterFields(BaseModel):
    """The filter, as fields of an address or form."""

    kind: str = ""
    method: str = ""
    category: str = ""
    section: str = ""
    doubt: str = ""
    origin: str = ""
    state: str = "open"

    @property
    def chosen(self) -> ItemFilter:
        """Return the filter; an unknown state is that of open items."""
        values = {name: getattr(self, name) for name in FILTERS}
        return ItemFilter(**values | {"state": self.state if self.state in STATES else "open"})


class VerdictFields(FilterFields):
    """A verdict, as the page's form sends it."""

    item: str
    verdict: Literal["accept", "edit", "reject", "right", "wrong"]
    question: str = ""
    answer: str = ""
    aliases: str | None = None  # one a line
    note: str = ""
    settles: bool = False
    seen: int = 0

    @property
    def given(self) -> GivenVerdict:
        """Return the verdict."""
        lines = None if self.aliases is None else tuple(line.strip() for line in self.aliases.splitlines() if line.strip())
        texts = {"question": self.question, "answer": self.answer, "note": self.note.strip()}
        return GivenVerdict(verdict=self.verdict, aliases=lines, settles=self.settles, **texts)


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
        return HTMLResponse(self.pages.get_template("page.html").render(values), code)


def routes(session: ReviewSession, pages: Environment) -> APIRouter:
    """Return the routes over a session's items."""
    router = APIRouter()
    answers = ItemPages(session, pages)

    @router.get("/")
    def item(
        request: Request, fields: Annotated[FilterFields, Query()], at: str = "", after: str = "", before: str = ""
    ) -> Response:
        if not (who := _named(session, request)):
            return RedirectResponse("/name", 303)
        with session.lock:
            session.state.refresh()
            chosen = fields.chosen
            if after or before:
                candidate = session.queue.following(chosen, who, after or before, back=bool(before))
                if candidate is None and (after or before) in session.candidates:
                    return answers.show(request, who, chosen, session.candidates[after or before], "There is no other item here.")
            else:
                candidate = session.candidates.get(at) or session.queue.following(chosen, who)
            return answers.show(request, who, chosen, candidate)

    @router.post("/verdict")
    def verdict(request: Request, fields: Annotated[VerdictFields, Form()]) -> Response:
        if not (who := _named(session, request)):
            return RedirectResponse("/name", 303)
        with session.lock:
            session.state.refresh()
            candidate = session.candidates.get(fields.item)
            if candidate is None:
                raise HTTPException(404, "this item is not among those of the page. Load the page again")
            try:
                review = session.judge(candidate, who, fields.given)
            except InvalidInput as refusal:
                return answers.show(request, who, fields.chosen, candidate, f"Not kept: {refusal}.")
            status = f"You {PAST[review.verdict]}. {meanwhile(session, who, candidate, fields.seen)}".strip()
            following = session.queue.following(fields.chosen, who, candidate.item.id)
            return answers.show(request, who, fields.chosen, following, status)

    @router.post("/undo")
    def undo(request: Request, fields: Annotated[FilterFields, Form()], item: Annotated[str, Form()] = "") -> Response:
        if not (who := _named(session, request)):
            return RedirectResponse("/name", 303)
        with session.lock:
            session.state.refresh()
            review = session.undo(who)
            if review is None:
                return answers.show(request, who, fields.chosen, session.candidates.get(item), "There is nothing to undo.")
            status = f"Undone: you {PAST[review.verdict]}."
            return answers.show(request, who, fields.chosen, session.candidates.get(review.before.id), status)

    @router.get("/summary")
    def report(request: Request) -> Response:
        if not (who := _named(session, request)):
            return RedirectResponse("/name", 303)
        with session.lock:
            session.state.refresh()
            values: dict[str, Any] = {"name": session.gathered.name, "who": who, "summary": summary(session)}
            values |= {"file": session.file, "notes": session.gathered.notes}
            return HTMLResponse(pages.get_template("summary.html").render(values))

    return router


def _named(session: ReviewSession, request: Request) -> str:
    """Return the reviewer's name; "" if it must be asked."""
    who = name_in(request)
    return who if not session.plan.reviewers or who in session.plan.reviewers else ""
