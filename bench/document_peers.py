"""Other libraries that read documents: a file in, its text out as they write it."""

import subprocess
from collections.abc import Callable
from pathlib import Path


def markitdown(file: Path) -> str:
    """Read a file by markitdown."""
    from markitdown import MarkItDown

    return str(MarkItDown().convert(str(file)).text_content)


def pypdf(file: Path) -> str:
    """Read the text of a PDF by pypdf."""
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(file).pages)


def pdfplumber(file: Path) -> str:
    """Read the text and then the tables of each page of a PDF by pdfplumber."""
    import pdfplumber as library

    with library.open(file) as document:
        parts = [(page.extract_text(), page.extract_tables()) for page in document.pages]
    rows = ("|".join((cell or "").replace("\n", " ") for cell in row) for _, tables in parts for table in tables for row in table)
    return "\n".join([*(text for text, _ in parts), *rows])


def mammoth(file: Path) -> str:
    """Read a DOCX by mammoth."""
    import mammoth as library

    with file.open("rb") as content:
        return str(library.convert_to_markdown(content).value)


def html2text(file: Path) -> str:
    """Read a page by html2text."""
    import html2text as library

    reader = library.HTML2Text(bodywidth=0)
    reader.ignore_links = True
    return str(reader.handle(file.read_text(encoding="utf-8")))


def trafilatura(file: Path) -> str:
    """Read the main part of a page by trafilatura."""
    import trafilatura as library

    return str(library.extract(file.read_text(encoding="utf-8"), output_format="markdown", favor_recall=True))


def docutils(file: Path) -> str:
    """Read reStructuredText by docutils, and its page by html2text."""
    from docutils.core import publish_parts

    settings = {"report_level": 5, "file_insertion_enabled": False, "raw_enabled": False, "doctitle_xform": False}
    parts = publish_parts(file.read_text(encoding="utf-8"), writer_name="html5", settings_overrides=settings)
    page = file.with_suffix(".docutils.html")
    page.write_text(parts["html_body"], encoding="utf-8")
    return html2text(page)


def asciidoctor(file: Path) -> str:
    """Read AsciiDoc by Asciidoctor, and its page by html2text."""
    page = file.with_suffix(".asciidoctor.html")
    subprocess.run(["asciidoctor", str(file), "-o", str(page)], check=True, capture_output=True, timeout=300)
    return html2text(page)


def pylatexenc(file: Path) -> str:
    """Read the text of LaTeX by pylatexenc."""
    from pylatexenc.latex2text import LatexNodes2Text

    return str(LatexNodes2Text().latex_to_text(file.read_text(encoding="utf-8")))


PEERS: dict[str, tuple[Callable[[Path], str], ...]] = {
    ".pdf": (pypdf, pdfplumber, markitdown),
    ".docx": (mammoth, markitdown),
    ".epub": (markitdown,),
    ".html": (html2text, trafilatura, markitdown),
    ".pptx": (markitdown,),
    ".ipynb": (markitdown,),
    ".rst": (docutils,),
    ".adoc": (asciidoctor,),
    ".tex": (pylatexenc,),
}
