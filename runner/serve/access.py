"""Check the key and the size of each request."""

import hmac

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from runner.serve.api_errors import ApiError


class AccessCheck:
    """Middleware that refuses requests without the key, or too large.

    It is plain ASGI, so that a body is counted while it is read, before all of it is in memory.
    """

    def __init__(self, app: ASGIApp, key: str, body: int) -> None:
        """Protect `app`; an empty `key` admits everybody.

        A request's body may hold at most `body` bytes.
        """
        self.app, self.key, self.body = app, f"Bearer {key}".encode() if key else b"", body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it (401, 413)."""
        # Start and end of the server come here too.
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        # ASGI gives header names as bytes in lower case.
        headers = dict(scope["headers"])
        # compare_digest takes the same time for any wrong key, so that timing does not reveal its beginning.
        if self.key and not hmac.compare_digest(headers.get(b"authorization", b""), self.key):
            error = ApiError(401, "this server wants its key: Authorization: Bearer ...", code="invalid_api_key")
            return await error.response(scope, receive, send)
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > self.body:
            return await ApiError(413, self._too_large).response(scope, receive, send)
        return await self.app(scope, self._counted(receive), send)

    @property
    def _too_large(self) -> str:
        return f"the request is larger than {self.body} bytes, the most that this server takes (runner-serve --body)"

    def _counted(self, receive: Receive) -> Receive:
        """Count the bytes of a body while it is read.

        A chunked request announces no length, and an announced length may be wrong.
        """
        size = 0

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self.body:
                # Not an ApiError: FastAPI turns any other exception while a body is read into a 400.
                raise HTTPException(413, self._too_large)
            return message

        return counted
