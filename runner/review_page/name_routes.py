"""A form for the reviewer's name, and for the key."""

from typing import Annotated

from fastapi import APIRouter, Form
from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from runner.review_page.access import KEY_COOKIE, NAME_COOKIE, has_key, is_key, name_in, remember, seal_of
from runner.review_page.session import ReviewSession

LONGEST_NAME = 200  # characters


def routes(session: ReviewSession, pages: Environment, key: str) -> APIRouter:
    """Return the routes that begin a review."""
    router = APIRouter()
    template = pages.get_template("name.html")

    def form(request: Request, reason: str = "") -> HTMLResponse:
        admitted = not key or has_key(request, key)
        # Names of colleagues are for those with the key.
        names = session.plan.reviewers if admitted else ()
        text = template.render(
            name=session.gathered.name, who=name_in(request), names=names, needs_key=not admitted, reason=reason
        )
        return HTMLResponse(text, 400 if reason else 200)

    @router.get("/name")
    def ask(request: Request) -> HTMLResponse:
        return form(request)

    @router.post("/name")
    def answer(request: Request, who: Annotated[str, Form()] = "", given: Annotated[str, Form()] = "") -> Response:
        who = who.strip()
        if key and not has_key(request, key) and not is_key(given, key):
            return form(request, "This is not the key. The person who started the page has it.")
        if not who or len(who) > LONGEST_NAME:
            return form(request, f"Expected a name of 1 to {LONGEST_NAME} characters.")
        if session.plan.reviewers and who not in session.plan.reviewers:
            return form(request, "The items are shared out among other people. Choose one of their names.")
        begun = RedirectResponse("/", 303)
        remember(begun, NAME_COOKIE, who)
        if key:
            remember(begun, KEY_COOKIE, seal_of(key))
        return begun

    return router
