"""Build the HTTP server: an application in, a server with a time limit for headers out."""

import asyncio
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol


def http_server(app: FastAPI, host: str, port: int, seconds: float) -> uvicorn.Server:
    """Build a server; headers may take `seconds`."""

    # uvicorn takes a class and makes the instances, so the seconds are set in a class.
    class Protocol(TimedHeaders):
        patience = seconds

    # A client that reads a stream would keep the server from stopping; it has five seconds.
    config = uvicorn.Config(app, host, port, log_level="warning", timeout_graceful_shutdown=5, http=Protocol)
    return uvicorn.Server(config)


class TimedHeaders(H11Protocol):
    """A connection that is closed if headers are late.

    uvicorn limits only the time between two requests, and not from the first byte of a request on.
    """

    patience: float
    timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Read data; go on waiting unless a request has begun with it."""
        super().data_received(data)
        # uvicorn makes a cycle for each request, as soon as its headers are complete.
        if self.cycle is None or self.cycle.response_complete:
            self._wait()
        else:
            self._rest()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._rest()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self.timer is None:
            self.timer = self.loop.call_later(self.patience, self.transport.close)

    def _rest(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
