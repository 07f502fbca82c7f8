"""Markdown is read without its front matter, and its lines are counted in the file."""

import pytest

from runner.corpus.readers import limited
from runner.corpus.readers.markdown import read
from runner.errors import Fault


def test_text_and_lines_are_those_of_the_file(tmp_path):
    (tmp_path / "cup.md").write_text("---\ntitle: T\n---\n# The Cup\n\nAda won.\n")
    document = read(tmp_path / "cup.md", tmp_path)
    assert (document.title, document.markdown, document.skipped) == ("T", "# The Cup\n\nAda won.\n", 3)


def test_sections_behind_an_include_keep_the_lines_of_their_file(tmp_path):
    (tmp_path / "x.rs").write_text("int a;\nint b;\n")
    (tmp_path / "a.md").write_text("---\ntitle: A\n---\n## One\n\n{{#include x.rs}}\n\n## Two\n\nText.\n")
    document = read(tmp_path / "a.md", tmp_path)
    assert document.included == ("x.rs",)
    assert document.markdown.split("\n")[2:4] == ["int a;", "int b;"]
    places = dict(document.places)
    assert (places[0], places[5]) == ("line 4", "line 8")


def test_a_file_that_is_too_large_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(limited, "LARGEST", 10)
    (tmp_path / "a.md").write_text("word " * 9)
    with pytest.raises(Fault, match=r"a\.md has 45 bytes\. Of \.md files, those of up to 10 bytes"):
        read(tmp_path / "a.md", tmp_path)
