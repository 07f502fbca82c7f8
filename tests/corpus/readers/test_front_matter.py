"""Front matter gives title and category as they are written, and text that only looks like it stays text."""

from pathlib import Path, PurePosixPath

import pytest

from runner.corpus.readers.choose import read_document
from runner.corpus.sectioning import sections
from runner.data.records import Section
from runner.errors import Fault


def parts(home: Path, text: str, name: str = "cup.md") -> list[Section]:
    """The sections of a document of this text."""
    (home / name).parent.mkdir(parents=True, exist_ok=True)
    (home / name).write_text(text, encoding="utf-8")
    return list(sections(PurePosixPath(name), read_document(home / name, home), 1500).sections)


def test_a_page_break_stays_in_the_text_below_front_matter(tmp_path):
    (one,) = parts(tmp_path, "---\ntitle: T\n---\n## Final\n\nAda\u2028won.\n")
    assert one.text == "Ada\u2028won."


def test_the_front_matter_gives_title_and_category_and_is_no_text(tmp_path):
    (one,) = parts(tmp_path, "---\ntitle: A Title\ncategory: 2018\n---\n## Final\n\nAda won.\n")
    assert (one.title, one.category, one.text) == ("A Title", "2018", "Ada won.")


@pytest.mark.parametrize(
    ("name", "text", "category"),
    [
        ("cup.md", "## Final\n\nAda won.", "cup"),
        ("events/cup.md", "## Final\n\nAda won.", "events"),
        ("events/2018/cup.md", "## Final\n\nAda won.", "events"),
        ("events/cup.md", "---\ncategory: football\n---\n## Final\n\nAda won.", "football"),
        ("events/cup.md", "---\ntitle: only\n---\n## Final\n\nAda won.", "events"),
        ("events/cup.md", "---\ncategory:\n---\n## Final\n\nAda won.", "events"),
    ],
)
def test_the_category_is_the_front_matters_else_the_top_folder_else_the_name(tmp_path, name, text, category):
    assert parts(tmp_path, text, name)[0].category == category


def test_a_rule_at_the_top_that_is_never_closed_is_text(tmp_path):
    assert parts(tmp_path, "---\n\nAda won.\n\n# The Cup\n")[0].text == "---\n\nAda won."


def test_a_rule_further_down_is_text(tmp_path):
    assert parts(tmp_path, "# The Cup\n\nAda won.\n\n---\n\nBea lost.\n")[0].text == "Ada won.\n\n---\n\nBea lost."


@pytest.mark.parametrize(
    ("matter", "line", "what"),
    [
        ("a: [", 2, "is not yaml"),
        ("title: T\n category: c", 3, "is not yaml: mapping"),
        ("category: [a, b]", 2, r"category is \['a', 'b'\].*expected one text"),
        ("x: " + "[" * 3000, 2, "is not yaml"),
        ('title: "\\ud800"', 2, "half a character"),
    ],
    ids=["open bracket", "mapping", "list", "nested", "surrogate"],
)
def test_front_matter_that_is_no_yaml_is_a_fault_that_names_file_and_line(tmp_path, matter, line, what):
    with pytest.raises(Fault, match=rf"cup\.md:{line}: .*{what}"):
        parts(tmp_path, f"---\n{matter}\n---\nAda won.\n")


@pytest.mark.parametrize("text", ["---\nOne.\n\n---\nTwo.\n", "---\n- Ada\n- Bea\n\n---\nTwo.\n"], ids=["rules", "list"])
def test_text_between_two_rules_is_text(tmp_path, text):
    assert parts(tmp_path, text)[0].text == text.strip()


@pytest.mark.parametrize(
    ("value", "title"),
    [("1.10", "1.10"), ("No", "No"), ("2024-02-30", "2024-02-30"), ("0000-00-00", "0000-00-00"), ("'a: b'", "a: b")],
)
def test_what_looks_like_a_number_or_a_date_in_front_matter_stays_as_it_is(tmp_path, value, title):
    assert parts(tmp_path, f"---\ntitle: {value}\ndate: 0000-00-00\n---\n## Final\n\nAda won.\n")[0].title == title


@pytest.mark.parametrize(
    "matter",
    ["\n---\ncategory: c\n---\n", "---\ncategory: c\n...\n", '+++\ncategory = "c"\n+++\n'],
    ids=["blank line", "dots", "toml"],
)
def test_front_matter_may_be_written_in_other_ways(tmp_path, matter):
    (one,) = parts(tmp_path, matter + "Ada won.\n")
    assert (one.category, one.text) == ("c", "Ada won.")


def test_lines_may_end_as_on_windows_and_begin_with_a_mark(tmp_path):
    (tmp_path / "cup.md").write_bytes(b"\xef\xbb\xbf---\r\ncategory: c\r\n---\r\n# T\r\n\r\n## Final\r\n\r\nAda won.\r\n")
    document = read_document(tmp_path / "cup.md", tmp_path)
    (one,) = sections(PurePosixPath("cup.md"), document, 1500).sections
    assert (one.title, one.heading, one.category, one.text) == ("T", "Final", "c", "Ada won.")


def test_a_control_character_in_front_matter_is_a_fault_too(tmp_path):
    with pytest.raises(Fault, match=r"cup\.md:2: the front matter is not yaml: unacceptable character"):
        parts(tmp_path, "---\ntitle: \x01\n---\nAda won.\n")


def test_toml_that_can_not_be_read_is_a_fault(tmp_path):
    with pytest.raises(Fault, match=r"cup\.md:2: the front matter between lines of \+\+\+ is not TOML"):
        parts(tmp_path, "+++\ncategory = \n+++\nAda won.\n")
