"""Errors in the form of OpenAI's API."""

import logging
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from runner.errors import Fault

log = logging.getLogger("runner")

TYPES = {429: "rate_limit_error", 500: "server_error"}  # for any other status, the request itself is wrong


class ApiError(Exception):
    """The reason why a request is refused.

    It holds the HTTP status and, where known, the request's parameter at fault and OpenAI's code for the error.
    """

    def __init__(self, status: int, message: str, *, param: str | None = None, code: str | None = None) -> None:
        """Refuse a request; the message says what to do."""
        super().__init__(message)
        self.status, self.message, self.param, self.code = status, message, param, code

    @property
    def body(self) -> dict[str, Any]:
        """The error as a JSON object."""
        kind = TYPES.get(self.status, "invalid_request_error")
        return {"error": {"message": self.message, "type": kind, "param": self.param, "code": self.code}}

    @property
    def response(self) -> JSONResponse:
        """The error as an HTTP response."""
        return JSONResponse(self.body, status_code=self.status)


def validation_error(errors: Sequence[Any]) -> ApiError:
    """Make an error of pydantic's errors, from the first."""
    first = errors[0]
    # FastAPI puts `body` before the field; a batch's requests, which pydantic reads alone, have no such prefix.
    field = ".".join(str(part) for part in first["loc"] if part != "body")
    unknown = first["type"] == "extra_forbidden"
    reason = "this server does not offer it, leave it out" if unknown else first["msg"]
    return ApiError(400, f"{field}: {reason}", param=field or None)


def add_error_handlers(app: FastAPI) -> None:
    """Answer all errors of `app` in OpenAI's form.

    The framework's own errors too: OpenAI's clients read `error.message` of any answer.
    """

    @app.exception_handler(ApiError)
    def refused(_: Request, error: ApiError) -> JSONResponse:
        return error.response

    # A Fault is a mistake of the user, such as a model that can't be loaded.
    @app.exception_handler(Fault)
    def faulty(_: Request, fault: Fault) -> JSONResponse:
        return ApiError(400, str(fault)).response

    @app.exception_handler(HTTPException)
    def unknown(request: Request, error: HTTPException) -> JSONResponse:
        return ApiError(error.status_code, f"{request.method} {request.url.path}: {error.detail}").response

    # FastAPI's own status for it is 422; OpenAI answers 400.
    @app.exception_handler(RequestValidationError)
    def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        return validation_error(error.errors()).response

    # Without details: they may name paths of this machine, which are for the log only.
    @app.exception_handler(Exception)
    def broken(_: Request, error: Exception) -> JSONResponse:
        log.error("a request failed", exc_info=error)
        return ApiError(500, "this server failed on the request; its own log tells why").response
