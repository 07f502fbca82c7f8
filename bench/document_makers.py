"""Documents made of a page by other programs: a page in HTML in, a file in another format out."""

import re
import shutil
import subprocess
from collections.abc import Callable
from html import escape
from pathlib import Path

import pypandoc
from lxml import html

PANDOC = str(pypandoc.get_pandoc_path())
SHOWN = 3  # blocks of a slide


def run(*command: str | Path) -> None:
    """Run another program."""
    subprocess.run([str(part) for part in command], check=True, capture_output=True, timeout=300)


def by_pandoc(page: Path, file: Path) -> None:
    """Make a file by pandoc; PDF by LaTeX."""
    run(PANDOC, "--from=html", "--standalone", page, f"--output={file}")


def by_latex(page: Path, file: Path) -> None:
    """Print a page by LaTeX."""
    by_pandoc(page, file.with_suffix(".tex"))
    for _ in range(2):
        command = ["pdflatex", "-interaction=nonstopmode", f"-output-directory={file.parent}", str(file.with_suffix(".tex"))]
        subprocess.run(command, capture_output=True, timeout=300, check=False)
    file.with_suffix(".tex").unlink()


def by_chromium(page: Path, file: Path) -> None:
    """Print a page by Chromium, with its headers and footers."""
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={file.parent / 'profile'}"]
    run("chromium", *options, f"--print-to-pdf={file}", page.as_uri())


def by_office(page: Path, file: Path) -> None:
    """Save a page by LibreOffice, as a text document."""
    names = {".docx": "docx:MS Word 2007 XML", ".html": "html:HTML (StarWriter)"}
    copy = file.parent / "source" / f"{file.stem}.html"
    copy.parent.mkdir(exist_ok=True)
    shutil.copy(page, copy)
    by_office_from(copy, names.get(file.suffix, file.suffix[1:]), file.parent, "--infilter=HTML (StarWriter)")


def by_office_from(source: Path, kind: str, folder: Path, *options: str) -> None:
    """Convert a file by LibreOffice."""
    home = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    run("soffice", "--headless", home, *options, "--convert-to", kind, "--outdir", folder, source)


def saved_by_office(page: Path, file: Path) -> None:
    """Save the slides that pandoc makes by LibreOffice, first as ODP."""
    first = file.parent / "source" / file.name
    first.parent.mkdir(exist_ok=True)
    by_pandoc(page, first)
    by_office_from(first, "odp", first.parent)
    by_office_from(first.with_suffix(".odp"), "pptx", file.parent)


def by_browser(page: Path, file: Path) -> None:
    """Save the page that Sphinx makes from a browser, with its sidebars."""
    by_sphinx(page, file)
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={file.parent / 'profile'}", "--dump-dom"]
    dumped = subprocess.run(["chromium", *options, file.as_uri()], check=True, capture_output=True, timeout=300)
    file.write_bytes(dumped.stdout)


def by_sphinx(page: Path, file: Path) -> None:
    """Make a page by Sphinx, from pandoc's reStructuredText or a source of people."""
    place = file.parent / f"{file.stem}-source"
    place.mkdir()
    source = place / "index.rst"
    if page.suffix == ".rst":
        shutil.copy(page, source)
    else:
        by_pandoc(page, source)
    run("sphinx-build", "-C", "-q", place, place / "pages")
    shutil.copy(place / "pages" / "index.html", file)


def as_written(page: Path, file: Path) -> None:
    """Take a source that people wrote, of which `page` was made."""
    shutil.copy(page.with_suffix(file.suffix), file)


def by_asciidoctor(page: Path, file: Path) -> None:
    """Make a page by Asciidoctor."""
    source = file.with_suffix(".adoc")
    by_pandoc(page, source)
    run("asciidoctor", source, "-o", file)
    source.unlink()


def as_deck(page: Path) -> Path:
    """Make slides of a page: up to three blocks after each heading, and the text behind them as speaker notes."""
    (tree,) = html.parse(page).getroot().iter("body")
    deck: list[str] = []
    notes: list[str] = []
    shown = 0
    for block in [*tree, html.fromstring("<h1>End</h1>")]:
        text = html.tostring(block, encoding="unicode", with_tail=False)
        if re.fullmatch("h[1-6]", str(block.tag)):
            deck += [f"<div class='notes'>{''.join(notes)}</div>"] if notes else []
            deck.append(f"<h2>{escape(block.text_content())}</h2>")
            notes, shown = [], 0
        elif block.tag == "p" and shown >= SHOWN:
            notes.append(text)
        elif block.tag != "header":
            deck.append(text)
            shown += 1
    file = page.with_name(f"deck-{page.name}")
    file.write_text(f"<html><head><meta charset='utf-8'/></head><body>{''.join(deck)}</body></html>", encoding="utf-8")
    return file


# Format: the programs that make it.
MAKERS: dict[str, tuple[Callable[[Path, Path], None], ...]] = {
    ".pdf": (by_chromium, by_latex, by_office),
    ".docx": (by_office, by_pandoc),
    ".odt": (by_office, by_pandoc),
    ".epub": (by_pandoc,),
    ".html": (by_asciidoctor, by_office, by_browser),
    ".pptx": (by_pandoc, saved_by_office),
    ".rst": (by_pandoc, as_written),
    ".adoc": (by_pandoc,),
    ".tex": (by_pandoc,),
    ".ipynb": (by_pandoc,),
}
