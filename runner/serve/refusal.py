"""A request that can't be served, to the error that OpenAI's wire tells it in."""

import logging
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from runner.errors import Fault

log = logging.getLogger("runner")

KINDS = {429: "rate_limit_error", 500: "server_error"}  # every other status: the request is what is wrong


class Refusal(Exception):  # noqa: N818 - it is an answer to a client
    """Why a request is not served, with the HTTP status, and where known the parameter and OpenAI's code for it."""

    def __init__(self, status: int, message: str, *, param: str | None = None, code: str | None = None) -> None:
        """Say it in words that tell the client what to do."""
        super().__init__(message)
        self.status, self.message, self.param, self.code = status, message, param, code

    @property
    def body(self) -> dict[str, Any]:
        """The error as OpenAI shapes it."""
        kind = KINDS.get(self.status, "invalid_request_error")
        return {"error": {"message": self.message, "type": kind, "param": self.param, "code": self.code}}

    @property
    def response(self) -> JSONResponse:
        """The error as an HTTP response."""
        return JSONResponse(self.body, status_code=self.status)


def misfit(errors: Sequence[Any]) -> Refusal:
    """The refusal of a request that does not fit, by the first of what pydantic found."""
    first = errors[0]
    field = ".".join(str(part) for part in first["loc"] if part != "body")
    unread = first["type"] == "extra_forbidden"
    told = "this server does not offer it, leave it out" if unread else first["msg"]
    return Refusal(400, f"{field}: {told}", param=field or None)


def tell_refusals(app: FastAPI) -> None:
    """Let every error of `app`, the framework's own too, be told in OpenAI's shape."""

    @app.exception_handler(Refusal)
    def refused(_: Request, refusal: Refusal) -> JSONResponse:
        return refusal.response

    @app.exception_handler(Fault)
    def faulty(_: Request, fault: Fault) -> JSONResponse:
        return Refusal(400, str(fault)).response

    @app.exception_handler(HTTPException)
    def unknown(request: Request, error: HTTPException) -> JSONResponse:
        return Refusal(error.status_code, f"{request.method} {request.url.path}: {error.detail}").response

    @app.exception_handler(RequestValidationError)
    def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        return misfit(error.errors()).response

    @app.exception_handler(Exception)
    def broken(_: Request, error: Exception) -> JSONResponse:
        log.error("a request failed", exc_info=error)
        return Refusal(500, "this server failed on the request; its own log tells why").response
