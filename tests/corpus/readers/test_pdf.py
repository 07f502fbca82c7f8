"""PDF that a browser printed arrives whole, page by page."""

import shutil
import subprocess

import pytest

from runner.corpus.readers.pdf import read
from runner.errors import Fault

PAGE = """<h1>UART</h1><p>A serial port that moves bytes between the core and the pins of the package.</p>
<h2>Registers</h2><table border=1><tr><th>Name</th><th>Reset</th></tr><tr><td>CTRL</td><td>0x1</td></tr>
<tr><td>STATUS</td><td>0x4</td></tr></table><h3>CTRL</h3><p>Enables the transmitter.</p>
<h2 style="page-break-before: always">Timing</h2><p>The set-up time is 5 ns at 1.2 V.</p>"""
CHROMIUM = shutil.which("chromium")


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """A page that Chromium printed."""
    folder = tmp_path_factory.mktemp("printed")
    (folder / "uart.html").write_text(PAGE)
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}"]
    command += ["--no-pdf-header-footer", f"--print-to-pdf={folder / 'uart.pdf'}", (folder / "uart.html").as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return folder / "uart.pdf"


@pytest.mark.skipif(not CHROMIUM, reason="needs Chromium")
def test_headings_tables_and_pages_are_found(printed):
    document = read(printed, printed.parent)
    lines = [line for line in document.markdown.split("\n") if line]
    assert [line for line in lines if line.startswith("#")] == ["# UART", "## Registers", "### CTRL", "## Timing"]
    assert "| STATUS | 0x4 |" in lines
    assert [place for _, place in document.places] == ["page 1", "page 2"]
    assert document.markdown.split("\n")[document.places[1][0]] == "## Timing"


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4 broken", b"no PDF"])
def test_a_broken_file_is_a_fault_that_names_it(tmp_path, content):
    (tmp_path / "uart.pdf").write_bytes(content)
    with pytest.raises(Fault, match=r"uart\.pdf can't be read as PDF: .*leave it out"):
        read(tmp_path / "uart.pdf", tmp_path)


def test_a_page_without_text_is_a_fault(tmp_path):
    (tmp_path / "scan.pdf").write_bytes(EMPTY)
    with pytest.raises(Fault, match=r"scan\.pdf: its pages hold no text \(1 pages\).*OCR"):
        read(tmp_path / "scan.pdf", tmp_path)


EMPTY = b"""%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 200 200]>> endobj
trailer <</Root 1 0 R>>
"""


def test_every_page_of_a_long_file_is_read(tmp_path):
    count = 1001  # by default, liteparse stops after 1,000
    contents = [f"BT /F1 12 Tf 72 700 Td (Page {number} is about a timer.) Tj ET" for number in range(1, count + 1)]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(count))
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {count}/Kids[{kids}]>>"]
    objects.append("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
    for number, content in enumerate(contents):
        page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>>>"
        objects += [f"{page}/Contents {5 + 2 * number} 0 R>>", f"<</Length {len(content)}>>stream\n{content}\nendstream"]
    text, places = "%PDF-1.4\n", ["0000000000 65535 f \n"]
    for number, body in enumerate(objects, 1):
        places.append(f"{len(text):010} 00000 n \n")
        text += f"{number} 0 obj{body}endobj\n"
    size = len(objects) + 1
    end = f"xref\n0 {size}\n{''.join(places)}trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{len(text)}\n%%EOF\n"
    (tmp_path / "long.pdf").write_text(text + end)
    assert len(read(tmp_path / "long.pdf", tmp_path).places) == count
