"""Control how glibc treats freed memory.

It is kept during a training and given back to the system afterwards. With any other C library nothing is done.
"""

import ctypes
import gc
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

_TRIM_THRESHOLD, _TOP_PAD, _MMAP_MAX = -1, -2, -4  # M_* of glibc's malloc.h
# Never trim the heap, grow it by 64 MB at a time, and put large blocks on it too, instead of mapping each by itself.
_KEEP = ((_TRIM_THRESHOLD, 2**31 - 1), (_TOP_PAD, 64 << 20), (_MMAP_MAX, 0))
# glibc's defaults, as in its manual: mallopt can set values but not read them, so they can't be saved and restored.
_DEFAULT = ((_TRIM_THRESHOLD, 128 << 10), (_TOP_PAD, 128 << 10), (_MMAP_MAX, 65536))


@contextmanager
def freed_memory_kept() -> Iterator[None]:
    """Keep freed memory in the process while this is open.

    Otherwise each step returns its memory to the kernel and then takes it again, page by page. Measured on two cores at
    batches of 8 x 48 tokens: 29 tokens/s without this, 192 with it. Do not use it for generation: the cache grows at each
    token, and each old copy would leave an unused gap in the heap.
    """
    _set(_KEEP)
    try:
        yield
    finally:
        _set(_DEFAULT)


def _set(values: Iterable[tuple[int, int]]) -> None:
    if library := _glibc():
        for parameter, value in values:
            library.mallopt(parameter, value)


def give_back_memory() -> None:
    """Free unused objects, models above all, and return their memory."""
    # Before the trim: models are in reference cycles, which only the collector frees.
    gc.collect()
    if library := _glibc():
        library.malloc_trim(0)


@cache
def _glibc() -> Any:
    """Return the C library if it is glibc, else None."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        library = ctypes.CDLL("libc.so.6")
        # A missing symbol raises AttributeError: ctypes looks it up here.
        return library if library.mallopt and library.malloc_trim else None
    except (OSError, AttributeError):  # musl, for instance
        return None
