"""Markdown is read without its front matter, and its lines are counted in the file."""

from runner.corpus.readers.markdown import read


def test_text_and_lines_are_those_of_the_file(tmp_path):
    (tmp_path / "cup.md").write_text("---\ntitle: T\n---\n# The Cup\n\nAda won.\n")
    document = read(tmp_path / "cup.md", tmp_path)
    assert (document.title, document.markdown, document.skipped) == ("T", "# The Cup\n\nAda won.\n", 3)
