"""Items and an asynchronous call in; each item's place and result out as they come, as fast as the other side bears.

Memory holds a window of the work, whatever its length: no more items are taken than may be in flight, and an item counts among
them until the consumer has dealt with its result and wants the next. So a process that is killed loses no more than these.
"""

import asyncio
from collections.abc import Awaitable, Callable, Generator, Iterable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any, Generic, TypeAlias, TypeVar

from aiolimiter import AsyncLimiter
from anyio import CapacityLimiter
from anyio.from_thread import start_blocking_portal

T = TypeVar("T")
R = TypeVar("R")

Connect: TypeAlias = Callable[[], AbstractAsyncContextManager[Callable[[T], Awaitable[R]]]]


class Pace:
    """How many sendings may be in flight, and how many sendings and tokens a minute may see.

    The number in flight halves when the other side asks for less, once for all that were under way then, and climbs again by one
    for each round of answers. `refused` is true from the first failure on: what is not sent by then never is.
    """

    def __init__(self, most: int, sendings: float | None = None, tokens: float | None = None) -> None:
        """At most `most` in flight; a rate of None is no limit."""
        self.most = most
        self.refused = False
        self.flying: set[asyncio.Task[Any] | None] = set()
        self._window, self._cut = float(most), float("-inf")
        self._slots = CapacityLimiter(most)
        self._sendings, self._tokens = _bucket(sendings), _bucket(tokens)
        self._spending = asyncio.Lock()

    async def spend(self, tokens: int) -> None:
        """Wait until so many tokens are within the rate; first come, first served."""
        if self._tokens:
            async with self._spending:
                for start in range(0, tokens, step := int(self._tokens.max_rate)):
                    await self._tokens.acquire(min(step, tokens - start))

    async def turn(self, send: Callable[[], Awaitable[R]], slow: Callable[[R], bool]) -> R:
        """What `send` returns, called when its turn has come; `slow` tells whether it asks for less."""
        if self._sendings:
            await self._sendings.acquire()
        async with self._slots:
            began, task = asyncio.get_running_loop().time(), asyncio.current_task()
            self.flying.add(task)
            try:
                answer = await send()
            finally:
                self.flying.discard(task)
        self._adapt(slow(answer), began)
        return answer

    def _adapt(self, slow: bool, began: float) -> None:
        if not slow:
            self._window = min(self.most, self._window + 1 / self._window)
        elif began > self._cut:
            self._window, self._cut = max(1, self._window / 2), asyncio.get_running_loop().time()
        if self._slots.total_tokens != int(self._window):
            self._slots.total_tokens = int(self._window)


def _bucket(rate: float | None) -> AsyncLimiter | None:
    """A second's worth at once, so that a minute never sees more than its rate and that; at least one."""
    return AsyncLimiter(max(1, rate / 60), max(1, 60 / rate)) if rate else None


def flow(items: Iterable[T], connect: Connect[T, R], pace: Pace) -> Generator[tuple[int, R], None, None]:
    """Each item's place and result in the order of arrival, from an event loop in a thread of its own.

    `connect` opens what the calls go through. After a failure nothing more is sent, what is in flight is still waited for and
    yielded, and then the failure is raised. A consumer that stops early, or Ctrl-C, ends what is in flight.
    """
    work: _Work[T, R] = _Work(items, pace)
    with start_blocking_portal() as portal:
        try:
            portal.call(work.start, connect)
            while arrived := portal.call(work.take):
                for one in arrived:
                    yield one
                    work.dealt()
        finally:
            portal.call(work.stop)
        if work.failure:
            raise work.failure


class _Work(Generic[T, R]):
    """The workers of one flow, and what they brought that is not taken yet."""

    def __init__(self, items: Iterable[T], pace: Pace) -> None:
        self.failure: Exception | None = None
        self._items, self._pace = enumerate(items), pace
        self._calling: set[asyncio.Task[Any] | None] = set()
        self._arrived: asyncio.Queue[tuple[int, R] | None] = asyncio.Queue()
        self._room = asyncio.Semaphore(pace.most)
        self._tasks: list[asyncio.Task[Any]] = []
        self._opened = AsyncExitStack()

    async def start(self, connect: Connect[T, R]) -> None:
        self._loop = asyncio.get_running_loop()
        call = await self._opened.enter_async_context(connect())
        workers = [asyncio.create_task(self._work(call)) for _ in range(self._pace.most)]
        self._tasks = [*workers, asyncio.create_task(self._finish(workers))]

    async def take(self) -> list[tuple[int, R]]:
        """All that has arrived, at least one; none at the end."""
        batch: list[tuple[int, R]] = []
        while not batch or not self._arrived.empty():
            if (found := await self._arrived.get()) is None:
                self._arrived.put_nowait(None)
                break
            batch.append(found)
        return batch

    def dealt(self) -> None:
        """The consumer is done with a result; called from its own thread."""
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
        except Exception as failure:
            self._refuse(failure)

    def _refuse(self, failure: Exception) -> None:
        self.failure = self.failure or failure
        self._pace.refused = True
        for waiting in self._calling - self._pace.flying:
            if waiting:
                waiting.cancel()

    async def _finish(self, workers: list[asyncio.Task[None]]) -> None:
        await asyncio.wait(workers)
        self._arrived.put_nowait(None)
