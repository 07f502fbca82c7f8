"""Check origin, key, size and speed of each request."""

import hmac

import anyio
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from runner.serve import Access, Limits
from runner.serve.api_errors import ApiError


class AccessCheck:
    """Middleware that refuses requests.

    It refuses those of web pages, without the key, too large, or too slow. It is plain ASGI, so that a body is counted while it
    is read, before all of it is in memory.
    """

    def __init__(self, app: ASGIApp, access: Access, limits: Limits) -> None:
        """Protect `app`."""
        self.app, self.limits = app, limits
        self.key = f"Bearer {access.key}".encode() if access.key else b""
        self.origins = {origin.encode() for origin in access.origins}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it.

        The statuses are 401, 403, 408 and 413.
        """
        # Start and end of the server come here too.
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        # ASGI gives header names as bytes in lower case.
        headers = dict(scope["headers"])
        # Browsers send it with every request that a page makes to another site, and let no page change it. Without this check any
        # page that a user of this machine opens could upload files and start jobs. Other clients do not send it.
        origin = headers.get(b"origin")
        if origin is not None and origin not in self.origins:
            name = origin.decode("latin-1")
            message = f"a web page of the origin {name!r} sent this request. To allow it: runner-serve --origin {name}"
            return await ApiError(403, message, code="origin_not_allowed").response(scope, receive, send)
        # compare_digest takes the same time for any wrong key, so that timing does not reveal its beginning.
        if self.key and not hmac.compare_digest(headers.get(b"authorization", b""), self.key):
            error = ApiError(401, "this server wants its key: Authorization: Bearer ...", code="invalid_api_key")
            return await error.response(scope, receive, send)
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > self.limits.body:
            return await ApiError(413, self._too_large).response(scope, receive, send)
        return await self.app(scope, self._counted(receive), send)

    @property
    def _too_large(self) -> str:
        return f"the request is larger than {self.limits.body} bytes, the most that this server takes (runner-serve --body)"

    def _counted(self, receive: Receive) -> Receive:
        """Count a body's bytes, and the seconds of waiting.

        A chunked request announces no length, and an announced length may be wrong.
        """
        size, waited, more = 0, 0.0, True

        async def counted() -> Message:
            nonlocal size, waited, more
            # What comes behind the body is the end of the connection, for which there is no limit.
            if not more:
                return await receive()
            begin = anyio.current_time()
            try:
                with anyio.fail_after(self.limits.seconds + size / self.limits.rate - waited):
                    message = await receive()
            except TimeoutError as error:
                raise HTTPException(408, f"the body came too slowly: {size} bytes so far. Send it again") from error
            waited += anyio.current_time() - begin
            size += len(message.get("body", b""))
            more = message.get("more_body", False)
            if size > self.limits.body:
                # Not an ApiError: FastAPI turns any other exception while a body is read into a 400.
                raise HTTPException(413, self._too_large)
            return message

        return counted
