"""Markdown is read without its front matter, and its lines are counted in the file."""

from runner.corpus.readers.markdown import read


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
