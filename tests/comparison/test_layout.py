"""Columns and sentences are laid out in a given width."""

import pytest
from rich.console import Console

from runner.comparison.layout import Column, fits, hanging, packed, table, terminal, titled, write_notes, write_tables


def drawn(*columns: Column, width: int = 100) -> list[str]:
    console = Console(width=width)
    with console.capture() as capture:
        console.print(table(columns))
    return capture.get().splitlines()


def test_a_column_is_as_wide_as_its_widest_cell_or_its_heading() -> None:
    assert [Column("arm", ["fact 5x"]).width, Column("labels", ["5"]).width, Column("", []).width] == [7, 6, 1]


def test_a_long_heading_does_not_widen_a_column_of_numbers() -> None:
    assert Column("a heading of many words that is folded", ["5.0"]).width == 16


def test_columns_fit_up_to_the_width_that_they_are_drawn_in() -> None:
    columns = [Column("arm", ["fact 5x"]), Column("labels", ["150"])]
    width = len(drawn(*columns)[0])
    assert (fits(columns, width), fits(columns, width - 1)) == (True, False)


def test_columns_are_split_into_groups_that_fit_and_begin_with_the_first() -> None:
    first, columns = Column("arm", ["base"]), [Column(f"c{number}", ["10.0"]) for number in range(7)]
    groups = list(packed(first, columns, 30))
    assert [column.heading for group in groups for column in group if column is not first] == [
        f"c{number}" for number in range(7)
    ]
    assert all(group[0] is first and fits(group, 30) for group in groups)


def test_a_column_that_fits_nowhere_still_has_a_table_of_its_own() -> None:
    assert [len(group) for group in packed(Column("arm", ["x" * 30]), [Column("a", ["1"]), Column("b", ["2"])], 20)] == [2, 2]


def test_no_columns_have_no_table() -> None:
    assert list(packed(Column("arm", []), [], 100)) == []


def test_a_continued_table_has_no_title_and_a_part_without_columns_has_no_table() -> None:
    first, columns = Column("arm", ["base"]), [Column(f"c{number}", ["10.0"]) for number in range(4)]
    tables = titled(first, [("one", columns), ("two", []), ("three", columns[:1])], 24)
    assert [(title, len(group)) for title, group in tables] == [("one", 3), ("", 3), ("three", 2)]


def test_tables_are_printed_with_titles_legend_and_notes_and_an_emoji_code_stays_text(capsys: pytest.CaptureFixture[str]) -> None:
    console = terminal()
    write_tables(console, [("In :x: %", [Column("arm", ["a"])]), ("", [Column("arm", ["b"])])], {"?": "open", "[ ]": "interval"})
    write_notes(console, ["one training"])
    output = capsys.readouterr().out.splitlines()
    assert (output[0], output.count("")) == ("In :x: %", 1)
    assert output[-4:] == ["?    open", "[ ]  interval", "", "- one training"]
    write_notes(console, [])
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", ["[bold]", "a [/b] c", "\\[x]"])
def test_texts_that_look_like_markup_stay_texts(name: str) -> None:
    assert sum(name in line for line in drawn(Column(name, [name]))) == 2


def test_a_sentence_is_wrapped_below_its_start() -> None:
    assert hanging(Console(width=30), "one two three four five six seven", "- ") == ["- one two three four five six", "  seven"]


def test_characters_of_two_columns_are_counted_as_two() -> None:
    assert hanging(Console(width=30), "漢" * 20, "- ") == ["- " + "漢" * 14, "  " + "漢" * 6]
