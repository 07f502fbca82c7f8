"""A text file has no headings."""

from pathlib import PurePosixPath

from runner.corpus.readers.plain_text import read
from runner.corpus.sectioning import sections


def test_a_line_that_begins_with_a_hash_is_text(tmp_path):
    (tmp_path / "cup.txt").write_text("# The Cup\n\nAda won.\n")
    (section,) = sections(PurePosixPath("cup.txt"), read(tmp_path / "cup.txt", tmp_path), 100).sections
    assert (section.title, section.text) == ("cup", "# The Cup\n\nAda won.")
