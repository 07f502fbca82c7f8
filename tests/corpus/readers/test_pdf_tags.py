"""Each text of a page belongs to one element of its tree."""

from liteparse import LayoutBlock

from runner.corpus.readers.pdf_tags import Texts, table_goes_on, well_tagged
from tests.corpus.readers.pdf_parts import page, tag, text


def said(texts, *elements):
    """The texts that elements own."""
    return [" ".join(item.text for item in texts.take([element])) for element in elements]


def test_an_element_that_goes_on_from_the_page_before_takes_no_text_of_others():
    goes_on, next_one, last = tag("P", 1, 0), tag("P", 1), tag("P", 2, 0)
    texts = Texts(page(tag("Document", goes_on, next_one, last), text(0, "zero"), text(1, "one"), text(2, "two")))
    assert said(texts, goes_on, next_one, last) == ["zero", "one", "two"]


def test_of_two_elements_with_the_same_numbers_each_owns_one():
    first, last = tag("TH", 1, 0), tag("P", 1, 0)
    assert said(Texts(page(tag("Document", first, last), text(0, "zero"), text(1, "one"))), first, last) == ["zero", "one"]


def test_a_number_of_another_page_is_none_of_this_page():
    goes_on, header = tag("P", 40, 0), tag("TH", 2, 0)
    owned = Texts(page(tag("Document", goes_on, header), text(0, "zero"), text(2, "two")))
    assert said(owned, goes_on, header) == ["zero", "two"]


def test_a_header_that_stands_on_every_page_keeps_its_order():
    name, purpose = tag("TH", 36, 35, 5), tag("TH", 37, 36, 6)
    cells = tag("TD", 37), tag("TD", 5), tag("TD", 6)
    texts = (text(number, f"text {number}") for number in (35, 36, 37, 5, 6))
    owned = Texts(page(tag("Table", tag("TR", name, purpose), tag("TR", *cells)), *texts))
    assert said(owned, name, purpose, *cells) == ["text 35", "text 36", "text 37", "text 5", "text 6"]


def test_tags_without_the_headings_of_the_page_are_not_good():
    made = page(tag("Document", tag("P", 0), tag("P", 1)), text(0, "UART"), text(1, "It moves bytes."))
    assert well_tagged([made])
    made.blocks = [LayoutBlock("heading", text="UART")]
    assert not well_tagged([made])


def test_tags_that_leave_out_text_are_not_good_but_headers_have_none():
    root = tag("Document", tag("H1", 0), tag("P", 1))
    inner, header = text(None, "It has no tag.", y=150), text(None, "Halvern manual", y=10)
    texts = text(0, "UART", y=100), text(1, "It moves bytes.", y=200)
    assert well_tagged([page(root, header, *texts)])
    assert not well_tagged([page(root, inner, *texts)])


def test_a_table_goes_on_if_the_page_begins_with_cells_that_are_no_headers():
    assert table_goes_on(page(tag("Document", tag("Table", tag("TR", tag("TD", 0)))), text(0, "CTRL")))
    assert not table_goes_on(page(tag("Document", tag("Table", tag("TR", tag("TH", 0)))), text(0, "Name")))
    assert not table_goes_on(page(tag("Document", tag("P", 1), tag("Table", tag("TR", tag("TD", 0)))), text(0, "CTRL")))
