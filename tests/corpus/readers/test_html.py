"""A page's main part is read, without what stands around it."""

import pytest

from runner.corpus.readers.html import read

PAGE = """<html><head><title>UART - chip docs</title><style>h1 {}</style></head><body><nav>Home</nav>
<h1>UART</h1><p>A serial <a href=x>port</a>.<script>run()</script></p>
<table><tr><th colspan=2>Field<th>Reset<tr><td rowspan=2>EN<td><p>one</p><p>two</p><ul><li>x<li>y</ul><td>1<tr><td>b<td>c</table>
<footer>Imprint</footer></body></html>"""


def test_headings_text_and_tables_are_read_though_nothing_is_closed(tmp_path):
    (tmp_path / "uart.html").write_text(PAGE)
    lines = [" ".join(line.split()) for line in read(tmp_path / "uart.html", tmp_path).markdown.split("\n") if line]
    assert lines[:3] == ["# UART", "A serial port.", "| Field | | Reset |"]
    assert lines[4:] == ["| EN | one; two; x; y | 1 |", "| | b | c |"]


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1"])
def test_the_encoding_is_utf_8_or_the_one_that_the_page_names(tmp_path, declared):
    page = f'<meta charset="{declared}"><p>Größe</p>'
    (tmp_path / "uart.html").write_text(page, encoding=declared)
    assert read(tmp_path / "uart.html", tmp_path).markdown.strip() == "Größe"


def test_of_a_page_with_a_main_part_that_part_alone_is_read(tmp_path):
    (tmp_path / "uart.html").write_text("<body>Around.<main><p>Größe: 5 µs.</p></main></body>", encoding="utf-8")
    assert read(tmp_path / "uart.html", tmp_path).markdown.strip() == "Größe: 5 µs."


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<div role=main><main><p>Once.</p></main></div>", "Once."),
        ("<article><p>Text.</p><article><p>A comment.</p></article></article>", "Text.\n\nA comment."),
        ("<form id=aspnetForm><h1>UART</h1><p>The text.</p></form>", "# UART\n\nThe text."),
        ("<form><input><button>Go</button>Search</form><p>The text.</p>", "The text."),
    ],
)
def test_no_text_of_a_page_is_lost_or_read_twice(tmp_path, page, text):
    (tmp_path / "uart.html").write_text(f"<body>{page}</body>")
    assert read(tmp_path / "uart.html", tmp_path).markdown.strip() == text
