"""Concurrent calls in a bounded window: order, rates, backing off and recovery, failures, early ends."""

import asyncio
import signal
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager

import pytest

from runner.hosts.concurrency import Pace, flow
from runner.terminal.signals import Terminated

Call = Callable[[int], Awaitable[int]]


class Other:
    """A server that doubles each item after `seconds`, and is overloaded by more than `bears` in flight."""

    def __init__(self, pace: Pace, seconds: float = 0.01, bears: int = 1000) -> None:
        self.pace, self.seconds, self.bears = pace, seconds, bears
        self.flying, self.most, self.sent, self.slowed, self.closed = 0, 0, 0, 0, False
        self.at: list[float] = []

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Call]:
        yield self.call
        self.closed = True

    async def call(self, item: int) -> int:
        while (answer := await self.pace.turn(lambda: self.answer(item), lambda answer: answer is None)) is None:
            pass
        return answer

    async def answer(self, item: int) -> int | None:
        self.flying, self.sent = self.flying + 1, self.sent + 1
        self.most, slow = max(self.most, self.flying), self.flying > self.bears
        self.slowed += slow
        self.at.append(time.monotonic())
        try:
            await asyncio.sleep(self.seconds)
        finally:
            self.flying -= 1
        return None if slow else 2 * item


def through(other: Other, items: range | Iterator[int]) -> dict[int, int]:
    return dict(flow(items, other.connect, other.pace))


def test_every_item_comes_back_once_with_its_place() -> None:
    other = Other(Pace(7))
    assert through(other, range(100, 150)) == {place: 2 * (100 + place) for place in range(50)}
    assert (other.sent, other.most, other.closed) == (50, 7, True)


def test_nothing_in_gives_nothing_out() -> None:
    assert through(Other(Pace(3)), range(0)) == {}


def test_results_are_yielded_while_others_are_still_awaited() -> None:
    released = threading.Event()

    async def call(item: int) -> int:
        while item and not released.is_set():
            await asyncio.sleep(0.01)
        return item

    @asynccontextmanager
    async def connect() -> AsyncIterator[Call]:
        yield call

    arriving = flow([0, 1], connect, Pace(2))
    assert next(arriving) == (0, 0)
    released.set()
    assert list(arriving) == [(1, 1)]


def test_no_more_items_are_taken_than_may_be_in_flight_until_the_consumer_is_done_with_a_result() -> None:
    taken = 0

    def items() -> Iterator[int]:
        nonlocal taken
        while True:
            taken += 1
            yield taken

    other = Other(Pace(4), seconds=0)
    arriving = flow(items(), other.connect, other.pace)
    next(arriving)
    time.sleep(0.3)
    assert taken == 4  # all that a process which is killed here would lose
    next(arriving)
    time.sleep(0.1)
    assert taken == 5
    arriving.close()
    assert other.closed


def test_the_pace_backs_off_until_the_server_is_not_overloaded() -> None:
    other = Other(Pace(32), bears=4)
    assert len(through(other, range(200))) == 200
    assert other.slowed < 90  # 32 at the start, then few: without backing off some 28 a round


def test_the_pace_climbs_again() -> None:
    pace = Pace(16)
    other = Other(pace, bears=4)

    def items() -> Iterator[int]:
        for item in range(400):
            if item == 50:
                other.bears, other.most = 1000, 0
            yield item

    assert len(through(other, items())) == 400
    assert other.most == 16


def test_a_burst_of_overload_halves_the_pace_once() -> None:
    async def refused(number: int) -> Pace:
        pace = Pace(16)

        async def send() -> str:
            await asyncio.sleep(0.01)
            return "less"

        await asyncio.gather(*(pace.turn(send, lambda answer: answer == "less") for _ in range(number)))
        return pace

    assert asyncio.run(refused(16))._slots.total_tokens == 8


def test_requests_keep_to_their_rate() -> None:
    other = Other(Pace(8, requests=600), seconds=0)  # ten a second, ten at once
    through(other, range(15))
    assert 0.4 < other.at[-1] - other.at[0] < 5
    assert other.at[9] - other.at[0] < other.at[-1] - other.at[0]


def test_tokens_keep_to_their_rate_even_where_one_item_holds_more_than_a_second_s_worth() -> None:
    async def spent() -> float:
        pace = Pace(8, tokens=6000)  # a hundred a second
        began = time.monotonic()
        await asyncio.gather(pace.spend(50), pace.spend(140))
        return time.monotonic() - began

    assert 0.85 < asyncio.run(spent()) < 5


def test_after_a_failure_what_is_in_flight_comes_and_nothing_more_is_sent() -> None:
    pace = Pace(3)
    sent: list[int] = []

    async def answer(item: int) -> int:
        sent.append(item)
        await asyncio.sleep(0.3 if item else 0.05)
        if not item:
            raise ValueError("refused")
        return item

    @asynccontextmanager
    async def connect() -> AsyncIterator[Call]:
        async def call(item: int) -> int:
            return await pace.turn(lambda: answer(item), lambda _: False)

        yield call

    results = []
    with pytest.raises(ValueError, match="refused"):
        for arrived in flow(range(9), connect, pace):
            results.append(arrived)
    assert (sorted(results), sent) == ([(1, 1), (2, 2)], [0, 1, 2])


def test_after_a_failure_nobody_waits_for_a_turn_that_would_come_late() -> None:
    pace = Pace(4, requests=2)  # one in half a minute

    async def answer() -> int:
        raise ValueError("refused")

    @asynccontextmanager
    async def connect() -> AsyncIterator[Call]:
        async def call(item: int) -> int:
            return await pace.turn(answer, lambda _: False)

        yield call

    began = time.monotonic()
    with pytest.raises(ValueError, match="refused"):
        list(flow(range(9), connect, pace))
    assert time.monotonic() - began < 10


def test_a_failure_to_connect_is_raised_and_leaves_no_thread() -> None:
    @asynccontextmanager
    async def connect() -> AsyncIterator[Call]:
        raise OSError("no way there")
        yield

    before = threading.active_count()
    with pytest.raises(OSError, match="no way there"):
        list(flow(range(9), connect, Pace(2)))
    assert threading.active_count() == before


def test_a_failure_of_the_items_themselves_is_raised() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("a damaged line")

    with pytest.raises(ValueError, match="a damaged line"):
        through(Other(Pace(2)), items())


def test_an_early_end_leaves_no_thread_and_closes_the_connection() -> None:
    before = threading.active_count()
    other = Other(Pace(4), seconds=0.05)
    arriving = flow(range(100), other.connect, other.pace)
    next(arriving)
    arriving.close()
    assert (threading.active_count(), other.closed) == (before, True)


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Ctrl-C as on a terminal. Processes of pytest-xdist ignore it otherwise."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def signalled(after: float, raised: Callable[[], object] | None = None) -> None:
    """Press Ctrl-C in so many seconds, or do something else in the main thread that raises."""
    main = threading.main_thread().ident
    if raised:
        signal.signal(signal.SIGINT, lambda *_: raised())
    threading.Timer(after, lambda: signal.pthread_kill(main, signal.SIGINT)).start()


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_sends_nothing_more_and_waits_for_what_is_in_flight(caplog: pytest.LogCaptureFixture) -> None:
    other, results = Other(Pace(4), seconds=1), list[tuple[int, int]]()
    signalled(0.4)
    with pytest.raises(KeyboardInterrupt), caplog.at_level("WARNING"):
        for result in flow(range(100), other.connect, other.pace):
            results.append(result)
    assert (sorted(results), other.sent, other.closed) == ([(0, 0), (1, 2), (2, 4), (3, 6)], 4, True)
    assert "stopping when the 4 requests in flight are answered" in caplog.text


def terminated() -> None:
    raise Terminated


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("signals", [[(0.3, None), (0.6, None)], [(0.3, terminated)]], ids=["Ctrl-C twice", "SIGTERM"])
def test_a_second_ctrl_c_and_a_signal_to_end_cancel_what_is_in_flight(signals: list[tuple[float, Callable[[], object]]]) -> None:
    before, other = threading.active_count(), Other(Pace(4), seconds=30)
    for after, raised in signals:
        signalled(after, raised)
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        through(other, range(100))
    assert time.monotonic() - began < 10
    assert (threading.active_count(), other.flying, other.closed) == (before, 0, True)


def test_what_was_in_flight_at_a_failure_is_not_sent_again() -> None:
    pace, sent = Pace(2), list[int]()

    async def answer(item: int) -> int | None:
        sent.append(item)
        await asyncio.sleep(0.2 if item else 0.05)
        if not item:
            raise ValueError("refused")
        return None

    @asynccontextmanager
    async def connect() -> AsyncIterator[Call]:
        async def call(item: int) -> int:
            while (result := await pace.turn(lambda: answer(item), lambda _: False)) is None:
                pass
            return result

        yield call

    with pytest.raises(ValueError, match="refused"):
        list(flow(range(9), connect, pace))
    assert sent == [0, 1]


def test_an_error_of_an_overloaded_server_halves_the_pace() -> None:
    async def failed(error: Exception) -> float:
        pace = Pace(16)

        async def send() -> None:
            raise error

        with pytest.raises(type(error)):
            await pace.turn(send, lambda answer: isinstance(answer, TimeoutError))
        return pace._slots.total_tokens

    assert asyncio.run(failed(TimeoutError())) == 8
    assert asyncio.run(failed(ConnectionResetError())) == 16
