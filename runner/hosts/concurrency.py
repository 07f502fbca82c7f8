"""Concurrent calls at a pace that the server bears.

Items and an asynchronous call go in; each item's index and result come out as they arrive. Memory holds a window of the work,
however long it is: no more items are taken than may be in flight, and an item counts among them until the consumer asks for the
next result. So a process that is killed loses no more than one window.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Generator, Iterable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any, Generic, TypeAlias, TypeVar

from aiolimiter import AsyncLimiter
from anyio import CapacityLimiter
from anyio.from_thread import BlockingPortal, start_blocking_portal

from runner.terminal.signals import Terminated

log = logging.getLogger("runner")

T = TypeVar("T")
R = TypeVar("R")

# Opens a connection, and yields the call that sends an item through it.
Connect: TypeAlias = Callable[[], AbstractAsyncContextManager[Callable[[T], Awaitable[R]]]]


class Pace:
    """Limits on requests in flight and on rates.

    A retry counts as a request. The number in flight follows the server as in TCP's congestion control: it halves when the server
    is overloaded, once for all requests that were in flight then, and grows by one with each round of answers. `refused` is true
    after the first failure; nothing is sent from then on.
    """

    def __init__(self, most: int, requests: float | None = None, tokens: float | None = None) -> None:
        """Allow `most` requests in flight; a rate of None is no limit."""
        self.most = most
        self.refused = False
        self.in_flight: set[asyncio.Task[Any] | None] = set()
        self._window, self._last_cut = float(most), float("-inf")
        self._slots = CapacityLimiter(most)  # unlike asyncio's Semaphore, its size can change while it is in use
        self._requests, self._tokens = _limiter(requests), _limiter(tokens)
        self._spending = asyncio.Lock()

    async def spend(self, tokens: int) -> None:
        """Wait until so many tokens are within the rate."""
        if self._tokens:
            # One prompt at a time, since otherwise short prompts would always pass before a long one.
            async with self._spending:
                # In steps, since the limiter refuses to acquire more at once than it can hold.
                for start in range(0, tokens, step := int(self._tokens.max_rate)):
                    await self._tokens.acquire(min(step, tokens - start))

    async def turn(self, send: Callable[[], Awaitable[R]], overloaded: Callable[[R | Exception], bool]) -> R:
        """Wait for a turn, call `send`, and return its answer.

        `overloaded` tells whether an answer, or an error, says that the server has too much to do.
        """
        if self.refused:
            raise asyncio.CancelledError  # a retry of what was in flight at the failure
        if self._requests:
            await self._requests.acquire()
        async with self._slots:
            began, task = asyncio.get_running_loop().time(), asyncio.current_task()
            self.in_flight.add(task)
            try:
                answer = await send()
            except Exception as error:
                self._adapt(overloaded(error), began)
                raise
            finally:
                self.in_flight.discard(task)
        self._adapt(overloaded(answer), began)
        return answer

    def _adapt(self, overloaded: bool, began: float) -> None:
        if not overloaded:
            self._window = min(self.most, self._window + 1 / self._window)  # adds up to one after a whole window of answers
        elif began > self._last_cut:
            # Requests that were sent before the last cut say nothing about the new window. If they counted, one burst of
            # refusals would cut it down to one.
            self._window, self._last_cut = max(1, self._window / 2), asyncio.get_running_loop().time()
        if self._slots.total_tokens != int(self._window):
            self._slots.total_tokens = int(self._window)


def _limiter(rate: float | None) -> AsyncLimiter | None:
    """Return a limiter to `rate` a minute, or None."""
    # It holds a second's worth, and not a minute's: a full one would let a minute's worth pass at once, and then as much again
    # within the same minute. It holds one at least, or nothing would ever pass.
    return AsyncLimiter(max(1, rate / 60), max(1, 60 / rate)) if rate else None


def flow(items: Iterable[T], connect: Connect[T, R], pace: Pace) -> Generator[tuple[int, R], None, None]:
    """Yield each item's index and result, as results arrive.

    `connect` opens what the calls go through. After a failure nothing more is sent, what is in flight is still waited for and
    yielded, and then the failure is raised. So it is on Ctrl-C. On a second one, on a signal that asks for an end at once, or if
    the consumer stops early, what is in flight is cancelled.
    """
    work: _Work[T, R] = _Work(items, pace)
    # The event loop runs in a thread of its own, because the caller is synchronous and may be within a loop already (a notebook).
    with start_blocking_portal() as portal:
        try:
            portal.call(work.start, connect)
            while arrived := _arrived(portal, work):
                for result in arrived:
                    yield result
                    work.release()
        finally:
            portal.call(work.stop)
        if work.failure:
            raise work.failure


def _arrived(portal: BlockingPortal, work: "_Work[T, R]") -> list[tuple[int, R]]:
    """Wait for results; on the first Ctrl-C for those in flight."""
    results = portal.start_task_soon(work.take)
    try:
        return results.result()
    except KeyboardInterrupt as interrupt:
        if work.failure or isinstance(interrupt, Terminated):
            raise
        if waiting := portal.call(work.refuse, interrupt):
            log.warning("stopping when the %d requests in flight are answered, as they are paid for. Ctrl-C: at once", waiting)
        return results.result()


class _Work(Generic[T, R]):
    """Workers of one flow, and results not yet consumed."""

    def __init__(self, items: Iterable[T], pace: Pace) -> None:
        self.failure: BaseException | None = None
        self._items, self._pace = enumerate(items), pace
        self._calling: set[asyncio.Task[Any] | None] = set()
        self._arrived: asyncio.Queue[tuple[int, R] | None] = asyncio.Queue()  # None after the last result
        self._room = asyncio.Semaphore(pace.most)  # items that may still be taken: in flight, waiting here, or at the consumer
        self._tasks: list[asyncio.Task[Any]] = []
        self._opened = AsyncExitStack()

    async def start(self, connect: Connect[T, R]) -> None:
        self._loop = asyncio.get_running_loop()
        call = await self._opened.enter_async_context(connect())
        workers = [asyncio.create_task(self._work(call)) for _ in range(self._pace.most)]
        self._tasks = [*workers, asyncio.create_task(self._finish(workers))]

    async def take(self) -> list[tuple[int, R]]:
        """Return all results that have arrived, or [] at the end.

        It waits for one at least. All of them at once, since each change of thread costs more time than a result.
        """
        batch: list[tuple[int, R]] = []
        while not batch or not self._arrived.empty():
            if (result := await self._arrived.get()) is None:
                self._arrived.put_nowait(None)  # so that the next call finds the end too
                break
            batch.append(result)
        return batch

    def release(self) -> None:
        """Make room for another item; called from the consumer's thread."""
        self._loop.call_soon_threadsafe(self._room.release)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._opened.aclose()

    async def _work(self, call: Callable[[T], Awaitable[R]]) -> None:
        task = asyncio.current_task()
        try:
            while await self._room.acquire() and not self._pace.refused and (taken := next(self._items, None)):
                place, item = taken
                self._calling.add(task)
                try:
                    result = await call(item)
                finally:
                    self._calling.discard(task)
                self._arrived.put_nowait((place, result))
        except Exception as failure:  # of a call, or of the iterator of items: both end the flow
            self.refuse(failure)

    def refuse(self, failure: BaseException) -> int:
        """Send nothing more; return the number of requests in flight."""
        self.failure = self.failure or failure
        self._pace.refused = True
        # Workers that wait for their turn are cancelled. Those with a request in flight are not: its reply is paid for.
        for waiting in self._calling - self._pace.in_flight:
            if waiting:
                waiting.cancel()
        return len(self._pace.in_flight)

    async def _finish(self, workers: list[asyncio.Task[None]]) -> None:
        await asyncio.wait(workers)
        self._arrived.put_nowait(None)
