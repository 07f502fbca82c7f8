"""Text arrives whole, or is refused with its encoding."""

from pathlib import Path

import pytest

from runner.data.text_file import read_text
from runner.errors import Fault


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfeq", r"begins as UTF-16, but byte 2 is none\. Save it as UTF-8"),
        ("q".encode("utf-16-le"), r"byte 1 is NUL, .* iconv -f UTF-16LE"),
        (b"caf\xe9", r"byte 3 is 0xe9.* iconv -f WINDOWS-1252"),
    ],
)
def test_a_text_in_another_encoding_is_refused_with_the_command_that_converts_it(
    tmp_path: Path, content: bytes, words: str
) -> None:
    (tmp_path / "our exam.csv").write_bytes(content)
    with pytest.raises(Fault, match=words):
        read_text(tmp_path / "our exam.csv")


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_every_line_end_is_one(tmp_path: Path, end: str) -> None:
    (tmp_path / "a.md").write_bytes(f"one{end}two{end}".encode())
    assert read_text(tmp_path / "a.md") == "one\ntwo\n"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_text_that_says_how_it_is_encoded_is_read(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.md").write_text("Größe: 5 µs", encoding=encoding)
    assert read_text(tmp_path / "a.md") == "Größe: 5 µs"
