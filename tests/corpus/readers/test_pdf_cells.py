"""Cells of a table get their own words, and their columns."""

from runner.corpus.readers.pdf_cells import Cell, one_line, placed_cells
from tests.corpus.readers.pdf_parts import text


def cell(said, x, y=100.0, span=1):
    """A cell with one text."""
    return Cell([text(1, said, x, y)], span)


def test_words_that_were_taken_for_the_cell_before_go_to_their_own():
    head = [cell("Name", 50), cell("Reset", 100), cell("Purpose", 150)]
    merged = [Cell([text(1, "CTRL", 50)]), Cell([text(2, "0x1", 100)]), Cell([text(3, "goes on", 150, 110)])]
    merged[1].items[0] = text(2, "0x1 Runs and", 100)
    for word, left in zip(merged[1].items[0].words, (100.0, 150.0, 175.0), strict=True):
        word.x = left
    assert placed_cells([head, merged])[1] == ["CTRL", "0x1", "Runs and goes on"]


def test_a_row_with_fewer_cells_has_them_in_their_columns():
    head = [cell("Name", 50), cell("Reset", 100), cell("Purpose", 150)]
    assert placed_cells([head, [cell("goes on", 150)]])[1] == ["", "", "goes on"]
    assert placed_cells([head, [cell("0x1", 100), cell("Runs", 150)]])[1] == ["", "0x1", "Runs"]
    assert placed_cells([head, [cell("Both", 50, span=2), cell("Runs", 150)]])[1] == ["Both", "", "Runs"]


def test_lines_become_one_with_their_hyphens():
    first, second = text(1, "The set-", 50, 100), text(1, "up time", 50, 112)
    assert one_line([first, second]) == "The set-up time"
    assert one_line([text(1, "inter\N{SOFT HYPHEN}", 50, 100), text(1, "rupt", 50, 112)]) == "interrupt"
    assert one_line([text(1, "BELL_", 50), text(1, "TAKE", 75), text(1, "reads", 105)]) == "BELL_TAKE reads"
