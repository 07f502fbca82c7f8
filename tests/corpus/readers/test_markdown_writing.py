"""What readers write is Markdown that says the same as the file."""

from markdown_it import MarkdownIt

from runner.corpus.readers.markdown_writing import code_block, filled_table, prose, sentence, table


def test_a_cell_stays_a_cell():
    assert list(table(["a|b"], [["1 |\n 2"]])) == ["| a\\|b |", "|---|", "| 1 \\| 2 |"]


def test_columns_without_values_are_left_out():
    assert list(filled_table(["a", "b"], [["", "1"], ["", ""]])) == ["| b |", "|---|", "| 1 |", "|  |"]


def test_a_code_block_may_hold_code_blocks():
    made = MarkdownIt().parse("\n".join(code_block(["```", "# a", "```"], "py")))
    assert [(token.type, token.content) for token in made] == [("fence", "```\n# a\n```\n")]


def test_prose_of_a_comment_opens_no_heading_block_or_html():
    made = MarkdownIt().parse(prose("# a\n\n```\n\n<script>\n\n~~~"))
    assert {token.type for token in made} == {"paragraph_open", "inline", "paragraph_close"}


def test_a_sentence_has_one_full_stop():
    assert [sentence("a\n b"), sentence("a.")] == ["a b.", "a."]
