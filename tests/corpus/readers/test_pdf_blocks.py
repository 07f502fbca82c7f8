"""Tags of a page become Markdown, and each text stands in it once."""

from runner.corpus.readers.pdf_blocks import tagged_blocks
from tests.corpus.readers.pdf_parts import page, tag, text


def test_every_kind_of_block_becomes_markdown_in_the_order_of_the_tree():
    item = tag("LI", tag("Lbl", 3), tag("LBody", 4, tag("L", tag("LI", tag("LBody", tag("P", 5))))))
    rows = tag("TR", tag("TH", 6), tag("TH", 7)), tag("TR", tag("TD", tag("P", 8), tag("P", 9)), tag("TD", 10))
    tree = tag("Document", tag("H1", 0), tag("Sect", tag("P", 1, tag("Link", 2))), tag("L", item), tag("Table", *rows))
    said = ["UART", "It is told by", "another.", "•", "Moves bytes", "two ways", "Name", "Reset", "CTRL", "(a|b)", "0x1"]
    made = page(tree, *(text(number, word, y=100.0 + 20 * number) for number, word in enumerate(said)))
    table = "| Name | Reset |\n|---|---|\n| CTRL (a\\|b) | 0x1 |"
    assert tagged_blocks(made) == ["# UART", "It is told by another.", "- Moves bytes", "  - two ways", table]


def test_code_alone_is_a_block_and_in_a_sentence_it_is_none():
    code = text(0, "if (a)", y=100), text(0, "  b();", y=112)
    assert tagged_blocks(page(tag("Document", tag("Code", 0)), *code)) == ["```\nif (a)\n  b();\n```"]
    sentence = tag("Document", tag("NonStruct", 0), tag("Code", 1), tag("NonStruct", 2))
    texts = text(0, "Call"), text(1, "b()", x=80.0), text(2, "first.", x=100.0)
    assert tagged_blocks(page(sentence, *texts)) == ["Call b() first."]


def test_what_has_no_tag_stands_above_and_below():
    made = page(tag("P", 0), text(0, "Text", y=100), text(None, "# header", y=10), text(None, "footer", y=700))
    assert tagged_blocks(made) == ["\\# header", "Text", "footer"]


def test_a_text_that_two_elements_name_stands_once():
    assert tagged_blocks(page(tag("Document", tag("P", 0), tag("P", 0)), text(0, "Once"))) == ["Once"]
