"""Build the web application of the review page."""

import logging
from pathlib import Path

from fastapi import FastAPI
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from runner.errors import Fault
from runner.review_page import item_routes, name_routes
from runner.review_page.access import protect
from runner.review_page.session import ReviewSession
from runner.web.addresses import url_host

FOLDER = Path(__file__).parent
log = logging.getLogger("runner")


def application(session: ReviewSession, host: str = "127.0.0.1", key: str = "") -> FastAPI:
    """Build the application; `key` is needed of everybody, if it is set."""
    pages = templates()
    app = FastAPI(title="runner-review", openapi_url=None)
    app.include_router(name_routes.routes(session, pages, key))
    app.include_router(item_routes.routes(session, pages))
    app.mount("/static", StaticFiles(directory=FOLDER / "static"))

    # A Fault is one of the file of reviews: a line that is none, or a folder that can't be written.
    @app.exception_handler(Fault)
    def faulty(request: Request, fault: Fault) -> HTMLResponse:
        return HTMLResponse(pages.get_template("fault.html").render(name=session.gathered.name, reason=str(fault)), 400)

    @app.exception_handler(OSError)
    def unwritten(request: Request, error: OSError) -> HTMLResponse:
        log.error("a review was not written", exc_info=error)
        reason = (
            f"{session.file} can't be written ({error.strerror}), so nothing was kept. Free space or permissions, and try again"
        )
        return HTMLResponse(pages.get_template("fault.html").render(name=session.gathered.name, reason=reason), 500)

    @app.exception_handler(HTTPException)
    def unknown(request: Request, error: HTTPException) -> HTMLResponse:
        reason = f"{request.method} {request.url.path}: {error.detail}"
        return HTMLResponse(pages.get_template("fault.html").render(name=session.gathered.name, reason=reason), error.status_code)

    protect(app, url_host(host), key)
    return app


def templates() -> Environment:
    """Return the page's templates; every value is written as text."""
    loader = FileSystemLoader(FOLDER / "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
