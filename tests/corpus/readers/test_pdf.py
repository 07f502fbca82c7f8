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
    return by_chromium(tmp_path_factory.mktemp("printed"), PAGE)


def by_chromium(folder, page):
    (folder / "uart.html").write_text(page)
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


def written(file, pages):
    """A PDF without tags of texts: their size, their place from the left and from the bottom, and what they say."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>"]
    objects.append(f"<</Type/Pages/Count {len(pages)}/Kids[{' '.join(f'{4 + 2 * at} 0 R' for at in range(len(pages)))}]>>")
    objects.append("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
    for number, texts in enumerate(pages):
        content = "".join(f"BT /F1 {size} Tf {x} {y} Td ({text}) Tj ET " for size, x, y, text in texts)
        page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>>>"
        objects += [f"{page}/Contents {5 + 2 * number} 0 R>>", f"<</Length {len(content)}>>stream\n{content}\nendstream"]
    text, places = "%PDF-1.4\n", ["0000000000 65535 f \n"]
    for number, body in enumerate(objects, 1):
        places.append(f"{len(text):010} 00000 n \n")
        text += f"{number} 0 obj{body}endobj\n"
    size = len(objects) + 1
    end = f"xref\n0 {size}\n{''.join(places)}trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{len(text)}\n%%EOF\n"
    file.write_text(text + end)
    return file


def test_every_page_of_a_long_file_is_read_with_its_heading(tmp_path):
    count = 1001  # by default, liteparse stops after 1,000
    timers = [
        [
            (20, 72, 740, f"Timer {number}"),
            (11, 72, 700, f"Timer {number} counts up to {7 * number} and then raises its interrupt."),
        ]
        for number in range(1, count + 1)
    ]
    document = read(written(tmp_path / "long.pdf", timers), tmp_path)
    assert len(document.places) == count
    lines = document.markdown.split("\n")
    assert [line for line in lines if line.startswith("#")] == [f"# Timer {number}" for number in range(1, count + 1)]
    assert sum("raises its interrupt" in line for line in lines) == count


def test_headers_and_footers_are_left_out_after_the_first_page(tmp_path):
    blocks = ["The UART moves bytes.", "A timer counts clock cycles.", "The watchdog bites after 5 ms.", "A pin is high or low."]
    pages = [
        [(9, 72, 770, "Halvern manual"), (11, 72, 500, f"{block} {block}"), (9, 300, 20, f"Revision 3, page {number} of 4")]
        for number, block in enumerate(blocks, 1)
    ]
    document = read(written(tmp_path / "manual.pdf", pages), tmp_path)
    lines = [line for line in document.markdown.split("\n") if line]
    doubled = [f"{block} {block}" for block in blocks]
    assert lines == ["Halvern manual", *doubled[:1], "Revision 3, page 1 of 4", *doubled[1:]]


def test_wrapped_cells_without_tags_stay_together(tmp_path):
    cells, texts = [], []
    for row in range(8):
        lines = [
            f"Runs the engine {row} until the last",
            f"word of block {row} has arrived and",
            f"then raises {row} of",
            "the core.",
        ]
        for left, cell in ((50, [f"lc_hw_{row}", f"debug_{row}"]), (125, [f"pkg_{row}::", f"type_{row}", "tx"]), (189, lines)):
            # In the middle of the row's height.
            top = 740 - 54 * row - 6.5 * (4 - len(cell))
            texts += [(11, left, top - 13 * at, line) for at, line in enumerate(cell)]
            cells.append(" ".join(cell))
    document = read(written(tmp_path / "table.pdf", [texts]), tmp_path)
    assert [cell for cell in cells if cell not in " ".join(document.markdown.split())] == []


LONG = "".join(
    f"<tr><td>REG_{number}</td><td>Holds {number} {'bits of the state of the engine ' * 9}</td></tr>" for number in range(30)
)
WIDE = f"""<h2>DMA</h2><ul><li>Moves <b>bytes</b><ul><li>without the core</li></ul></li></ul><p>See the table.</p>
<table border=1><thead><tr><th>Name</th><th>Purpose</th></tr></thead><tbody>{LONG}</tbody></table><h2>Last</h2><p>End.</p>"""


@pytest.mark.skipif(not CHROMIUM, reason="needs Chromium")
def test_a_table_with_wrapped_cells_goes_on_over_pages(tmp_path):
    document = read(by_chromium(tmp_path, WIDE), tmp_path)
    lines = [line for line in document.markdown.split("\n") if line]
    assert len(document.places) > 2
    assert lines[:5] == ["## DMA", "- Moves bytes", "  - without the core", "See the table.", "| Name | Purpose |"]
    assert lines[5] == "|---|---|"
    rows = [line for line in lines if line.startswith("| REG_")]
    assert [row.split()[1] for row in rows] == [f"REG_{number}" for number in range(30)]
    assert lines.count("| Name | Purpose |") == 1
    whole = [f"| REG_{number} | Holds {number} {'bits of the state of the engine ' * 9}|" for number in range(30)]
    # At the end of a page, the rest of a cell may stand in a row of its own.
    assert len(set(rows) & set(whole)) >= 30 - len(document.places)
    assert lines[-2:] == ["## Last", "End."]
