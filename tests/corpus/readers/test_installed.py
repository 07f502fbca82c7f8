"""A library that is missing is named with its install command."""

from pathlib import Path

import pytest

from runner.corpus.readers.installed import needed
from runner.errors import Fault


def test_a_missing_library_is_a_fault_with_the_install_command():
    with (
        pytest.raises(Fault, match=r"a\.V: \.v files are read by nolib\. Install it: pip install .*\[documents\]"),
        needed(Path("a.V"), "nolib"),
    ):
        import no_such_library  # noqa: F401
