"""A page whose words were mixed up is read in the order of the file."""

import pytest

from runner.corpus.readers.pdf_plain import in_order, plain_pages
from tests.corpus.readers.test_pdf import written

PLAIN = """Registers
CTRL runs the engine when its lowest
bit is set by software.
STATUS tells whether it is idle
or waits for a reply."""
MIXED = "CTRL runs STATUS tells the engine when whether it its lowest is idle bit is set or waits by software. for a reply."


def test_mixed_words_are_put_in_order_below_their_heading():
    assert in_order(["## Registers", MIXED], PLAIN) == ["## Registers", PLAIN.removeprefix("Registers\n")]


def test_a_page_in_order_keeps_its_table_and_marks():
    blocks = ["## Registers", "| CTRL | **Runs** the engine. |\n|---|---|\n| UART\\_STATUS | Tells whether it is idle. |"]
    assert in_order(blocks, "Registers\nCTRL Runs the engine.\nUART_STATUS Tells whether it is idle.") == blocks


@pytest.mark.parametrize("plain", ["", "Registers"])
def test_plain_text_with_fewer_words_takes_no_place(plain):
    assert in_order(["## Registers", MIXED], plain) == ["## Registers", MIXED]


def test_text_that_is_missing_is_there_then():
    assert in_order([""], "# 1 timer") == ["\\# 1 timer"]


def test_a_page_with_too_many_words_stays_since_order_takes_their_square():
    words = [str(number) for number in range(4000)]
    assert in_order([" ".join(words)], " ".join(reversed(words))) == [" ".join(words)]


def test_plain_text_comes_in_the_order_of_the_file_and_none_of_a_broken_one(tmp_path):
    cells = [(10, 50, 700, "First cell"), (10, 50, 688, "goes on"), (10, 200, 700, "second cell"), (10, 200, 688, "ends")]
    pages = plain_pages(written(tmp_path / "a.pdf", [cells, [(10, 50, 700, "Last page")]]), 60)
    assert [page.split() for page in pages] == [["First", "cell", "goes", "on", "second", "cell", "ends"], ["Last", "page"]]
    (tmp_path / "b.pdf").write_text("%PDF-1.4 broken")
    assert plain_pages(tmp_path / "b.pdf", 60) == []


def test_modules_in_the_current_folder_are_not_run(tmp_path, monkeypatch):
    file = written(tmp_path / "a.pdf", [[(10, 50, 700, "First cell")]])
    (tmp_path / "json.py").write_text("raise SystemExit(3)")
    monkeypatch.chdir(tmp_path)
    assert plain_pages(file, 60) == ["First cell"]
