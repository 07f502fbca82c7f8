"""Freed memory is returned to the system."""

import sys
from pathlib import Path

import pytest

from runner.local_models.glibc_memory import freed_memory_kept, give_back_memory


def _resident() -> int:
    pages = Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * 4096


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc alone keeps freed memory on request")
def test_memory_that_was_kept_is_given_back() -> None:
    with freed_memory_kept():
        blocks = [bytearray(b"x") * 100_000 for _ in range(2_000)]
        kept = _resident()
        blocks.clear()
    give_back_memory()
    assert kept - _resident() > 100_000_000
