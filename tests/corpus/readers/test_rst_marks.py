"""reStructuredText is read as Sphinx reads it, where pandoc would lose text."""

import re

from runner.corpus.readers.pandoc import read
from runner.corpus.readers.rst_marks import plain_links, plain_marks


def markdown(tmp_path, source):
    """Read a source."""
    (tmp_path / "a.rst").write_text(source)
    return read(tmp_path / "a.rst", tmp_path).markdown


def test_the_name_of_a_function_is_read_and_a_reference_has_no_label(tmp_path):
    source = "UART\n====\n\n.. c:function:: int uart_init(void)\n\n   Starts it. See :ref:`the pins <uart-pins>`.\n"
    assert markdown(tmp_path, source).split("\n\n") == ["# UART", "int uart_init(void)", "Starts it. See the pins.\n"]


def test_a_title_longer_than_its_line_is_a_heading(tmp_path):
    source = "UART\n====\n\nReset values\n------\n\nZero.\n\nOne\n\nNo title of some words\n---\n"
    assert re.findall("^#.*", markdown(tmp_path, source), re.MULTILINE) == ["# UART", "## Reset values"]


def test_a_rule_of_a_table_is_no_title():
    source = "====== ===\nA name of many words\n====== ===\n\n=====\nA name\n=====\n"
    assert plain_marks(source) == source


def test_a_link_that_pandoc_does_not_read_is_its_text(tmp_path):
    text = markdown(tmp_path, "- `Port <n>\n  2) in <#port>`__\n- Others\n")
    assert text == "- Port \\<n\\> 2) in\n- Others\n"


def test_columns_of_a_table_stay_in_their_places():
    row = "| `p <n> <#p>`_ | `one | \n| line <#x>`_ | ``c <d>`` | `q <#q>`_ |"
    assert plain_links(row) == row.replace("`p <n> <#p>`_", "p \\<n>".ljust(13))
