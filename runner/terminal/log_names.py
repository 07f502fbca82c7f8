"""Log lines in, the same lines with their arm out."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# A context variable, not a global, so that jobs in several threads each have their own.
_name: ContextVar[str] = ContextVar("name", default="")


@contextmanager
def named(name: str) -> Iterator[None]:
    """Put a name before each log line of the block."""
    token = _name.set(name)
    try:
        yield
    finally:
        _name.reset(token)


class _Prefix(logging.Filter):
    """A filter that keeps every line, and adds the name."""

    def filter(self, record: logging.LogRecord) -> bool:
        if name := _name.get():
            record.msg, record.args = f"{name}: {record.getMessage()}", ()
        return True


# On the logger that all modules of this package use, so that no module needs to know the names.
logging.getLogger("runner").addFilter(_Prefix())
