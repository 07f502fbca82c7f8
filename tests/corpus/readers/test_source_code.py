"""Source files keep their code, and comments lose their marks."""

import pytest

from runner.corpus.readers.source_code import C_LIKE, CodeUnit, Values, beside, document, head, short

CODE = """/* Copyright Ada.
 * Licensed under MIT.
 *
 * The UART
 * of Ada.
 */
struct uart { int baud; };

// # Sends a byte.
//   - waits
int send(int byte);
#endif
"""


@pytest.fixture
def made():
    """The code as a document of two units."""
    table = Values(heading="Members", columns=("Name", "Type"), rows=[("baud", "int")], facts=["baud is an int."])
    units = [
        CodeUnit(heading="struct uart", start=6, stop=7, tables=[table]),
        CodeUnit(heading="send", start=10, stop=11, facts=["f"]),
    ]
    return document("uart.h", CODE, "c", C_LIKE, units)


def test_each_unit_has_its_comment_tables_and_code_and_no_line_is_lost(made):
    parts = made.markdown.split("\n## ")
    assert parts[0] == "# uart.h\n"
    assert parts[1].startswith("struct uart\n\nThe UART\nof Ada.\n\n### Members\n\n| Name | Type |\n|---|---|\n| baud | int |")
    assert "### Code\n\n```c\nstruct uart { int baud; };\n```" in parts[1]
    assert parts[2] == "send\n\n\\# Sends a byte.\n  - waits\n\n```c\nint send(int byte);\n```\n"
    assert parts[3] == "Further code\n\n\n```c\n#endif\n```"
    assert [place for _, place in made.places] == ["line 1", "line 7", "line 11", "line 12"]


def test_facts_stand_at_their_table(made):
    lines = made.markdown.split("\n")
    assert [(lines[line], text) for line, text in made.facts] == [
        ("| Name | Type |", "baud is an int."),
        ("\\# Sends a byte.", "f"),
    ]


def test_a_comment_belongs_to_the_line_that_it_stands_beside():
    lines = ["// group", "a,", "b, // second", "", "/* c's own */", "c", "}"]
    assert [beside(lines, at, at, C_LIKE) for at in (1, 2, 5)] == ["", "second", "c's own"]


def test_the_head_of_a_file_leaves_the_comment_above_a_declaration_to_it():
    assert head("head", ["// file", "#include <a>", "/* a", " * b */", "int a;"], 4, C_LIKE).stop == 2


def test_a_long_value_is_cut():
    assert short("a\n b") == "a b"
    assert short("1" * 300) == "1" * 200 + "…"
