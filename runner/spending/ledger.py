"""A command's ledger: amounts reserved before paid work, paid amounts after it.

All processes of a command share one ledger. A reservation is made while nobody else changes the ledger, so that together they
never pass a budget.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from copy import deepcopy
from dataclasses import asdict, dataclass, field, replace
from itertools import count
from threading import Lock
from typing import Protocol, TypeVar

from pydantic import TypeAdapter

from runner.errors import UNWRITABLE, Fault
from runner.spending.prices import Prices
from runner.spending.usage import Usage
from runner.store.sweep_notes import SPENDING, SweepNotes

SOON = 1.0  # seconds from a payment to its line in the ledger, at most; others may spend what it frees from then on


@dataclass
class Total:
    """Dollars, tokens and requests."""

    usd: float = 0.0
    tokens: int = 0
    requests: int = 0

    def add(self, usage: Usage, prices: Prices, times: int = 1) -> None:
        """Add one item; `times` is -1 to subtract it."""
        self.usd += times * usage.usd(prices)
        self.tokens += times * usage.tokens
        self.requests += times * usage.requests

    def __add__(self, other: "Total") -> "Total":
        """Return the sum."""
        return Total(self.usd + other.usd, self.tokens + other.tokens, self.requests + other.requests)


@dataclass
class Book:
    """The amounts that a command has paid and reserved."""

    paid: Total = field(default_factory=Total)
    reserved: dict[str, Total] = field(default_factory=dict)  # by holder and number of the reservation

    @property
    def total(self) -> Total:
        """Return all that counts against a budget."""
        return sum(self.reserved.values(), replace(self.paid))


L = TypeVar("L", bound="PaymentLedger")

_BOOK = TypeAdapter(Book)
_numbers = count(1)  # of the reservations of this process


class PaymentLedger(Protocol):
    """A ledger as a process sees it."""

    @property
    def holder(self) -> str:
        """Return this process's name in it; empty if it is alone."""

    def read(self) -> Book:
        """Return a copy of the book."""

    def changed(self) -> AbstractContextManager[Book]:
        """Yield the book for one change, alone; keep it after the block."""

    def others_at_work(self, book: Book) -> bool:
        """Return true if a living process holds a reservation."""


class OwnLedger:
    """The ledger of a command that works in one process."""

    holder = ""

    def __init__(self) -> None:
        """Begin with nothing paid."""
        self.book, self._lock = Book(), Lock()

    def read(self) -> Book:
        """Return a copy of the book."""
        return deepcopy(self.book)

    @contextmanager
    def changed(self) -> Iterator[Book]:
        """Yield the book."""
        with self._lock:
            yield self.book

    def others_at_work(self, book: Book) -> bool:
        """Return false: there are no others."""
        return False


@dataclass(frozen=True)
class SharedLedger:
    """The ledger of a sweep, in the sweep's notes."""

    notes: SweepNotes
    holder: str  # a lock of the notes that this process holds

    def read(self) -> Book:
        """Return the book as it was written last."""
        return _BOOK.validate_python(self.notes.read(SPENDING))

    @contextmanager
    def changed(self) -> Iterator[Book]:
        """Yield the book; nobody else changes it meanwhile."""
        try:
            with self.notes.changed(SPENDING) as content:
                book = _BOOK.validate_python(content)
                yield book
                content.update(asdict(book))
        except OSError as error:
            if error.errno not in UNWRITABLE:
                raise
            raise Fault(
                f"the spending of the sweep can't be kept in {self.notes.folder}: {error}. Nothing more is paid for. Free "
                "space, and give the same command again"
            ) from error

    def others_at_work(self, book: Book) -> bool:
        """Return true if another living process has a reservation."""
        holders = {name.partition("/")[0] for name in book.reserved} - {self.holder}
        return any(map(self.notes.is_held, holders))


# Of a command without a sweep's notes: its runs follow each other in this process, and share its budget.
COMMAND = OwnLedger()

# A context variable, not an argument of every stage: a job opens its sweep's ledger, and whatever asks within it pays from it.
_ledger: ContextVar[PaymentLedger] = ContextVar("ledger", default=COMMAND)


@contextmanager
def paying_from(ledger: L) -> Iterator[L]:
    """Let all paid work of the block share a ledger."""
    token = _ledger.set(ledger)
    try:
        yield ledger
    finally:
        _ledger.reset(token)


def current_ledger() -> PaymentLedger:
    """Return the ledger that this work pays from."""
    return _ledger.get()


class Reservation:
    """Amounts that are set aside for work at hand.

    Use it as a context manager. What is neither paid nor released at its end counts as paid, since the host may charge for it.
    The same holds for the reservation of a process that was killed.
    """

    def __init__(self, ledger: PaymentLedger, name: str, prices: Prices, amount: Total) -> None:
        """`amount` stands in the ledger already, under `name`."""
        self._ledger, self._name, self._prices, self._open = ledger, name, prices, amount
        self._paid, self._written = Total(), time.monotonic()

    def pay(self, most: Usage, real: Usage) -> None:
        """Count the real cost of work that was reserved."""
        self._open.add(most, self._prices, times=-1)
        self._paid.add(real, self._prices)
        if time.monotonic() - self._written > SOON:
            self._write()

    def release(self, most: Usage) -> None:
        """Give back what was reserved for work not begun."""
        self._open.add(most, self._prices, times=-1)

    def __enter__(self) -> "Reservation":
        """Begin the work."""
        return self

    def __exit__(self, *error: object) -> None:
        """End the work."""
        self._paid, self._open = self._paid + self._open, Total()
        self._write()

    def _write(self) -> None:
        with self._ledger.changed() as book:
            book.paid += self._paid
            book.reserved[self._name] = self._open
            if self._open == Total():
                del book.reserved[self._name]
        self._paid, self._written = Total(), time.monotonic()


def reserve(ledger: PaymentLedger, prices: Prices, amount: Total, within: Callable[[Total], bool]) -> Reservation | None:
    """Reserve an amount if the total stays `within` the budget."""
    with ledger.changed() as book:
        if not within(book.total + amount):
            return None
        name = f"{ledger.holder}/{next(_numbers)}"
        book.reserved[name] = amount
    return Reservation(ledger, name, prices, replace(amount))
