"""Included files are put into the text, read as documents of their own, or named."""

import pytest

from runner.corpus.readers.includes import with_included

CODE = "int a;\nint b;\n// ANCHOR: middle\n// tag::middle[]\nint c;\n// end::middle[]\n// ANCHOR_END: middle\nint d;\n"


@pytest.fixture
def home(tmp_path):
    home = tmp_path / "documents"
    (home / "code").mkdir(parents=True)
    (home / "code" / "x.rs").write_text(CODE)
    (home / "part.md").write_text("Part.\n")
    (home / ".env").write_text("SECRET=1\n")
    (home / "picture.bin").write_bytes(b"\xff\x00")
    (tmp_path / "outside.rs").write_text("secret")
    return home


def result(home, text, form="markdown"):
    return with_included(text, home / "a.md", home, form)


@pytest.mark.parametrize(
    ("directive", "lines"),
    [
        ("{{#include code/x.rs:2}}", ["int b;"]),
        ("{{#include code/x.rs::2}}", ["int a;", "int b;"]),
        ("{{#include code/x.rs:8:}}", ["int d;"]),
        ("{{#playground code/x.rs:1:2 editable}}", ["int a;", "int b;"]),
        ("{{#rustdoc_include ./code/x.rs:middle}}", ["// tag::middle[]", "int c;", "// end::middle[]"]),
        ("{{#include code/../code/x.rs}}", CODE.rstrip().split("\n")),
        ("Before {{#include code/x.rs:1}} after", ["Before int a; after"]),
        ("Before {{#include part.md}} after", ["Before  after"]),
        (r"\{{#include part.md}}", [r"\{{#include part.md}}"]),
        ("{{#title The book}}", [""]),
    ],
)
def test_mdbook_includes_give_the_lines_that_they_name(home, directive, lines):
    done = result(home, directive)
    assert (done.lines, done.missing) == (lines, [])


@pytest.mark.parametrize(
    ("text", "form", "line"),
    [
        ("include::code/x.rs[lines=1..2]", "asciidoc", "int a;"),
        ("include::code/x.rs[tag=middle]", "asciidoc", "int c;"),
        ("include::part.md[leveloffset=1]", "asciidoc", ""),
        (".. include:: part.md", "rst", ""),
        (r"\input{part.md}", "latex", ""),
        ('#+INCLUDE: "part.md" :lines "1-2"', "org", ""),
    ],
)
def test_other_forms_are_known_too(home, text, form, line):
    done = result(home, text, form)
    assert (done.lines[0], done.missing) == (line, [])
    assert done.files in (["code/x.rs"], ["part.md"])


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("../outside.rs", "out of the folder"),
        ("/etc/passwd", "out of the folder"),
        (".env", "hidden"),
        ("nowhere.rs", "no such file"),
        ("picture.bin", "no text"),
        ("code", "no such file"),
    ],
)
def test_what_can_not_be_included_is_named_and_not_read(home, path, reason):
    done = result(home, f"{{{{#include {path}}}}}")
    assert (done.lines, done.missing) == ([""], [f"{path} ({reason})"])
    assert done.notes(home / "a.md") == (f"a.md includes what was not read: {path} ({reason})",)


def test_a_link_out_of_the_folder_is_not_followed(home):
    (home / "link.rs").symlink_to(home.parent / "outside.rs")
    assert result(home, "{{#include link.rs}}").missing == ["link.rs (out of the folder)"]


def test_a_form_that_takes_no_text_names_a_file_that_is_no_document(home):
    assert result(home, r"\input{code/x.rs}", "latex").missing == ["code/x.rs (no document)"]


def test_placeholders_of_other_programs_stay_and_are_named(home):
    done = result(home, "Use {{#tool-version vivado}}.")
    assert (done.lines, done.missing) == (["Use {{#tool-version vivado}}."], ["{{#tool-version vivado}}"])


def test_each_line_keeps_its_place(home):
    assert result(home, "One\n{{#include code/x.rs::2}}\nTwo").begins == [0, 1, 3]
