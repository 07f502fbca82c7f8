"""A server of chat completions on loopback that answers, delays, breaks or refuses as a test wants.

In a test: `with serving(respond) as server: ... server.url, server.asked`. As a process of its own, which prints its address:
`python tests/server.py --latency 0.05 --slots 64`; GET /asked tells how many requests came, how many were answered whole, and
the seconds from the first to the last.
"""

import argparse
import asyncio
import inspect
import json
import ssl
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from anyio.from_thread import start_blocking_portal


@dataclass
class Asked:
    """A request that arrived.

    `body` is its JSON. `answered` is true once its whole reply was handed to the operating system.
    """

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    at: float
    answered: bool = False
    method: str = "POST"
    content: bytes = b""

    @property
    def said(self) -> str:
        """The text of the last message; empty if there is none."""
        return str(self.body["messages"][-1]["content"]) if self.body["messages"] else ""


@dataclass
class Response:
    """A response, sent after `delay` seconds.

    The body goes out in `pieces`, with `pause` seconds between them. After `cut` bytes the connection is closed.
    """

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0
    pieces: int = 1
    pause: float = 0
    cut: int | None = None


def completion(text: str | None, finish: str = "stop", **how: Any) -> Response:
    """Return a reply of 7 tokens to a prompt of 11; `how` are the fields of Response."""
    message = {"role": "assistant", "content": text}
    usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
    return told({"choices": [{"index": 0, "message": message, "finish_reason": finish}], "usage": usage}, **how)


def told(parts: dict[str, Any], **how: Any) -> Response:
    """Return a completion of these parts, however odd."""
    return Response(json.dumps({"id": "1", "object": "chat.completion", "created": 0, "model": "m", **parts}).encode(), **how)


def refusal(status: int, message: str, code: str | None = None, param: str | None = None, **headers: str) -> Response:
    """Return an error in OpenAI's form; `Retry_After="1"` is a header."""
    body = {"error": {"message": message, "type": "refused", "param": param, "code": code}}
    return Response(json.dumps(body).encode(), status, {name.replace("_", "-"): value for name, value in headers.items()})


def page(text: str) -> Response:
    """Return a web page in place of a completion."""
    return Response(text.encode(), headers={"Content-Type": "text/html"})


def echo(asked: Asked) -> Response:
    """Answer as a good server does."""
    return completion(f"to {asked.said}")


Respond = Callable[[Asked], Response | Awaitable[Response]]


class Server:
    """A server that answers with what `respond` returns.

    Each answer takes `latency` seconds. `slots` requests are answered at a time, 0 is any number.
    """

    def __init__(self, respond: Respond = echo, latency: float = 0, slots: int = 0, remembers: bool = True) -> None:
        """Count requests, and keep them in `asked` unless `remembers` is false."""
        self.respond, self.latency, self.remembers = respond, latency, remembers
        self.asked: list[Asked] = []
        self.tunnels: list[str] = []  # the addresses that it was asked to reach as a proxy
        self.count, self.answered, self.flying, self.most, self.open = 0, 0, 0, 0, 0
        self.began, self.ended = 0.0, 0.0
        self.slots = asyncio.Semaphore(slots) if slots else None
        self.url = ""

    async def start(self, port: int = 0, tls: ssl.SSLContext | None = None) -> asyncio.Server:
        """Listen on loopback."""
        server = await asyncio.start_server(self._converse, "127.0.0.1", port, ssl=tls, backlog=1024)
        name = "https://localhost" if tls else "http://127.0.0.1"
        self.url = f"{name}:{server.sockets[0].getsockname()[1]}/v1"
        return server

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                first, *lines = head.decode().split("\r\n")
                if first.startswith("CONNECT "):
                    await self._tunnel(first.split(" ")[1], reader, writer)
                    break
                headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
                content = await reader.readexactly(int(headers.get("content-length", 0)))
                if not await self._answer(first, headers, content, writer):
                    break
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass  # the client has gone, or the test is over
        finally:
            self.open -= 1
            writer.close()

    async def _tunnel(self, address: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.tunnels.append(address)
        there, back = await asyncio.open_connection(*address.split(":"))
        writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        await asyncio.gather(_pass(reader, back), _pass(there, writer))

    async def _answer(self, first: str, headers: dict[str, str], content: bytes, writer: asyncio.StreamWriter) -> bool:
        method, path, _ = first.split(" ")
        if path == "/asked":
            counts = {"asked": self.count, "answered": self.answered, "seconds": self.ended - self.began}
            return await _send(Response(json.dumps(counts).encode()), writer)
        body = json.loads(content or b"{}") if "multipart" not in headers.get("content-type", "") else {}
        asked = Asked(path, headers, body, time.monotonic(), method=method, content=content)
        self.began, self.count = self.began or asked.at, self.count + 1
        if self.remembers:
            self.asked.append(asked)
        async with AsyncExitStack() as stack:
            if self.slots:
                await stack.enter_async_context(self.slots)
            self.flying += 1
            self.most = max(self.most, self.flying)
            stack.callback(self._land)
            response = self.respond(asked)
            response = await response if inspect.isawaitable(response) else response
            await asyncio.sleep(self.latency + response.delay)
        whole = await _send(response, writer)
        asked.answered = whole and response.status == 200
        self.answered, self.ended = self.answered + asked.answered, time.monotonic()
        return whole

    def _land(self) -> None:
        self.flying -= 1


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(65536):
        writer.write(piece)
        await writer.drain()
    writer.close()


async def _send(response: Response, writer: asyncio.StreamWriter) -> bool:
    """Write a response; return true if it was whole, so that the connection can be used again."""
    headers = {"Content-Type": "application/json", "Content-Length": str(len(response.body)), **response.headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    writer.write(f"HTTP/1.1 {response.status} Said\r\n{lines}\r\n".encode())
    body = response.body[: response.cut]
    step = max(1, -(-len(body) // response.pieces))
    for start in range(0, len(body), step):
        writer.write(body[start : start + step])
        await writer.drain()
        if response.pause:
            await asyncio.sleep(response.pause)
    return response.cut is None


@contextmanager
def serving(respond: Respond = echo, *, tls: ssl.SSLContext | None = None, **how: Any) -> Iterator[Server]:
    """Run a server in a thread of its own while the block lasts; `how` are the settings of Server."""
    server = Server(respond, **how)
    with start_blocking_portal() as portal:
        listening = portal.call(server.start, 0, tls)
        try:
            yield server
        finally:
            portal.call(listening.close)
            portal.start_task_soon(portal.stop, True)  # connections that clients keep open, and those that hang, end here


def main() -> None:
    """Serve until Ctrl-C; the first printed line is the address."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds that a reply takes")
    parser.add_argument("--slots", type=int, default=0, help="requests answered at once, 0 for any number")
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()

    async def run() -> None:
        server = Server(latency=options.latency, slots=options.slots, remembers=False)
        listening = await server.start(options.port)
        print(server.url, flush=True)
        await listening.serve_forever()

    with suppress(KeyboardInterrupt):
        asyncio.run(run())


if __name__ == "__main__":
    main()
