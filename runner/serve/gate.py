"""What stands before every request: the key, and the size of its body."""

import hmac

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from runner.serve.refusal import Refusal


class Gate:
    """Lets through requests that carry the key, where there is one, and whose bodies are no larger than `body` bytes."""

    def __init__(self, app: ASGIApp, key: str, body: int) -> None:
        """Stand before `app`; an empty `key` asks for none."""
        self.app, self.key, self.body = app, f"Bearer {key}".encode() if key else b"", body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it with 401 or 413."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        headers = dict(scope["headers"])
        if self.key and not hmac.compare_digest(headers.get(b"authorization", b""), self.key):
            refusal = Refusal(401, "this server wants its key: Authorization: Bearer ...", code="invalid_api_key")
            return await refusal.response(scope, receive, send)
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > self.body:
            return await Refusal(413, self._told).response(scope, receive, send)
        return await self.app(scope, self._counted(receive), send)

    @property
    def _told(self) -> str:
        return f"the request is larger than {self.body} bytes, the most that this server takes (runner-serve --body)"

    def _counted(self, receive: Receive) -> Receive:
        """The same body, but one that grows too large, whatever length it announced, ends in a refusal."""
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self.body:
                raise HTTPException(413, self._told)
            return message

        return counted
