"""A sheet is text and a table without empty rows and columns."""

from runner.corpus.readers.sheet import sheet


def test_titles_stand_before_the_table():
    rows = [["", "# Registers"], [], ["", "Name", "", "Bits"], ["", " ", ""], ["", "CTRL", "", "7:0|3"]]
    assert list(sheet(rows)) == ["\\# Registers", "", "| Name | Bits |", "|---|---|", "| CTRL | 7:0\\|3 |"]


def test_a_list_is_a_table_of_one_column():
    assert list(sheet([["Pins"], ["TX"]])) == ["| Pins |", "|---|", "| TX |"]


def test_an_empty_sheet_has_no_lines():
    assert list(sheet([[], [" "]])) == []
