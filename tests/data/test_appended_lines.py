"""Lines are appended whole, behind whatever a crash left."""

from pathlib import Path

from runner.data.appended_lines import BROKEN_OFF, append_line


def test_half_a_line_is_marked_and_ended(tmp_path: Path) -> None:
    file = tmp_path / "lines"
    file.write_bytes(b"one\ntw")
    append_line(file, "three")
    append_line(file, "vier ä")
    assert file.read_bytes().split(b"\n") == [b"one", b"tw" + BROKEN_OFF, b"three", "vier ä".encode(), b""]
