"""What glibc does with freed memory: kept while a stage works, given back when it ends; elsewhere nothing is done."""

import ctypes
import gc
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

_TRIM_THRESHOLD, _TOP_PAD, _MMAP_MAX = -1, -2, -4  # M_* of glibc's malloc.h
_KEEP = ((_TRIM_THRESHOLD, 2**31 - 1), (_TOP_PAD, 64 << 20), (_MMAP_MAX, 0))
_USUAL = ((_TRIM_THRESHOLD, 128 << 10), (_TOP_PAD, 128 << 10), (_MMAP_MAX, 65536))


@contextmanager
def freed_memory_kept() -> Iterator[None]:
    """Let the process keep the memory that a training step frees, so that the next need not fault it in again.

    Measured on two cores at batches of 8 x 48 tokens: 29 tokens/s without, 192 with. Not for answering, whose
    growing caches would leave a hole behind at every token.
    """
    _set(_KEEP)
    try:
        yield
    finally:
        _set(_USUAL)


def _set(values: Iterable[tuple[int, int]]) -> None:
    if library := _glibc():
        for parameter, value in values:
            library.mallopt(parameter, value)


def give_back_memory() -> None:
    """Drop what nothing refers to any more, models above all, and hand its memory to the system."""
    gc.collect()
    if library := _glibc():
        library.malloc_trim(0)


@cache
def _glibc() -> Any:
    """The C library where it is glibc, else None."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        library = ctypes.CDLL("libc.so.6")
        return library if library.mallopt and library.malloc_trim else None
    except (OSError, AttributeError):  # another C library
        return None
