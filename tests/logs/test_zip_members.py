"""Members of a zip archive are read, compressed by any method that a tool uses."""

import zipfile
from pathlib import Path

import pytest

from runner.errors import InvalidInput
from runner.logs.zip_members import ZSTANDARD, Archive
from tests.logs.given import BASE


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_the_methods_of_the_standard_library_are_read(method: int, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.eval", "w", method) as archive:
        archive.writestr("samples/1.json", "1" * 1000)
    with Archive(tmp_path / "a.eval") as archive:
        assert (archive.names, archive.read("samples/1.json")) == (["samples/1.json"], b"1" * 1000)


def test_zstandard_is_read_as_inspect_writes_it() -> None:
    assert {member.compress_type for member in zipfile.ZipFile(BASE).infolist()} == {ZSTANDARD}
    with Archive(BASE) as archive:
        for name in archive.names:
            text = archive.read(name)
            assert text[:1] == b"{"
            assert len(text) == zipfile.ZipFile(BASE).getinfo(name).file_size


def test_of_two_members_with_one_name_the_last_counts(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match=r"Duplicate name"), zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a", "old")
        archive.writestr("a", "new")
    with Archive(tmp_path / "a.zip") as opened:
        assert (opened.names, opened.read("a")) == (["a"], b"new")


def test_a_damaged_archive_is_refused_by_name(tmp_path: Path) -> None:
    content = BASE.read_bytes()
    (tmp_path / "cut.eval").write_bytes(content[:-200])
    with pytest.raises(InvalidInput, match=r"cut\.eval is a damaged zip archive"):
        Archive(tmp_path / "cut.eval")


def test_a_damaged_member_is_refused_by_name_and_never_returned(tmp_path: Path) -> None:
    content = bytearray(BASE.read_bytes())
    with Archive(BASE) as archive:
        name = archive.names[0]
    header = zipfile.ZipFile(BASE).getinfo(name)
    content[header.header_offset + 30 + len(name) + header.compress_size // 2] ^= 1
    (tmp_path / "bit.eval").write_bytes(content)
    with Archive(tmp_path / "bit.eval") as archive, pytest.raises(InvalidInput, match=f"{name} can't be read"):
        archive.read(name)
