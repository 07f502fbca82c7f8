"""Headers and footers are told from the text, and no text is lost with them."""

from runner.corpus.readers.running_lines import Placed, without_running_lines

TOP, BODY, BOTTOM = 0.03, 0.5, 0.97


def test_a_header_stays_on_its_first_page_and_the_numbers_of_pages_with_it():
    pages = [["Halvern", f"Text {name}", f"Page {number}"] for number, name in enumerate("abcd", 11)]
    texts = [[Placed(text, height) for text, height in zip(page, (TOP, BODY, BOTTOM), strict=True)] for page in pages]
    assert without_running_lines(pages, texts) == [pages[0], *([page[1]] for page in pages[1:])]


def test_a_line_of_two_pages_stays():
    pages = [["Halvern", f"Text {name}"] for name in "ab"]
    assert without_running_lines(pages, [[Placed(text, TOP) for text in page] for page in pages]) == pages


def test_a_line_that_repeats_amid_the_page_stays():
    pages = [["Reset: 0x0", f"Text {name}"] for name in "abcd"]
    assert without_running_lines(pages, [[Placed(text, BODY) for text in page] for page in pages]) == pages


def test_the_only_heading_and_the_only_block_of_a_page_stay():
    pages = [["# Halvern", f"Text {name}"] for name in "abcd"]
    assert without_running_lines(pages, [[Placed("Halvern", TOP)] for _ in pages]) == pages
    alone = [["Halvern"] for _ in range(4)]
    assert without_running_lines(alone, [[Placed("Halvern", TOP)] for _ in alone]) == alone


def test_the_heading_below_a_header_with_its_words_stays():
    pages = [[f"Change Log {number}", "## Change Log" if number == 2 else "Text", "## More"] for number in range(5)]
    texts = [[Placed(page[0], TOP)] for page in pages]
    assert without_running_lines(pages, texts) == [pages[0], *(page[1:] for page in pages[1:])]


def test_headings_with_numbers_of_their_own_stay():
    pages = [[f"## Timer {number}", f"Text {number}", "## Registers"] for number in range(4)]
    assert without_running_lines(pages, [[Placed(f"Timer {number}", TOP)] for number in range(4)]) == pages


def test_numbers_that_do_not_count_pages_stay():
    pages = [[f"Part {number * number}", f"Text {number}"] for number in range(5)]
    assert without_running_lines(pages, [[Placed(page[0], TOP)] for page in pages]) == pages
