"""A digest is that of the bytes as they are now."""

import hashlib

import pytest

from runner.data.file_digest import digest_or_reason, file_digest
from runner.errors import Fault


def test_a_digest_follows_the_bytes(tmp_path):
    file = tmp_path / "cup.md"
    for content in (b"Ada won.", b"Bea won the cup."):
        file.write_bytes(content)
        assert file_digest(file) == hashlib.sha256(content).hexdigest()


def test_a_file_that_can_not_be_read_has_a_reason_in_place_of_a_digest(tmp_path):
    with pytest.raises(Fault, match=r"gone\.md can't be read"):
        file_digest(tmp_path / "gone.md")
    assert "gone.md can't be read" in digest_or_reason(tmp_path / "gone.md")
