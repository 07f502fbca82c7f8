"""Documents in ten formats, made by other programs: text, headings and tables that are read, beside other libraries.

`python bench/formats.py FOLDER` takes Markdown files of FOLDER, makes them into each format in a scratch folder, and compares
what is read with the page that pandoc makes of the Markdown. Recall and precision are of words in their order, found in any.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pypandoc
from lxml import html
from rapidfuzz.distance import LCSseq

from runner.corpus.readers.choose import read_document
from runner.errors import Fault

MOST = 10  # documents
PANDOC = str(pypandoc.get_pandoc_path())
NOISE = re.compile(r"<svg|<table|\{\{#|```wavejson|```mermaid|\[\^")


@dataclass
class Truth:
    """What a document holds."""

    words: list[str]
    headings: set[str]
    rows: set[tuple[str, ...]]


def words(text: str) -> list[str]:
    """Split a text into words, without marks of Markdown."""
    return re.findall(r"\w+", re.sub(r"\\(?=\W)|\*\*|`", "", text).replace("_", " ").casefold())


def truth(page: Path) -> Truth:
    """Read headings, rows and words of a page."""
    (tree,) = html.parse(page).getroot().iter("body")
    headings = {" ".join(words(node.text_content())) for node in tree.iter("h1", "h2", "h3", "h4", "h5", "h6")}
    rows = {tuple(" ".join(words(cell.text_content())) for cell in row) for row in tree.iter("tr")}
    return Truth(words(" ".join(tree.itertext())), headings - {""}, {row for row in rows if any(row)})


def scores(text: str, wanted: Truth) -> dict[str, float]:
    """Compare Markdown with what a document holds, in %."""
    found = words(text)
    common = LCSseq.similarity(wanted.words, found)
    lines = text.split("\n")
    headings = {" ".join(words(line)) for line in lines if re.match(r"#{1,6} ", line)}
    cells = ([" ".join(words(cell)) for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))] for line in lines if "|" in line)
    rows = {tuple(row) for row in cells}
    missing = Counter(wanted.words) - Counter(found)
    numbers = {
        "recall": common / len(wanted.words),
        "precision": common / max(1, len(found)),
        "found": 1 - missing.total() / len(wanted.words),
    }
    if wanted.headings:
        numbers["headings"] = len(wanted.headings & headings) / len(wanted.headings)
    if wanted.rows:
        numbers["rows"] = len(wanted.rows & rows) / len(wanted.rows)
    return {name: 100 * number for name, number in numbers.items()}


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
    kind = file.suffix[1:]
    options = ["--headless", f"-env:UserInstallation={(file.parent / 'office').as_uri()}", "--infilter=HTML (StarWriter)"]
    copy = file.with_suffix(".html")
    shutil.copy(page, copy)
    run("soffice", *options, "--convert-to", kind if kind != "docx" else "docx:MS Word 2007 XML", "--outdir", file.parent, copy)
    copy.unlink()


def by_asciidoctor(page: Path, file: Path) -> None:
    """Make a page by Asciidoctor."""
    source = file.with_suffix(".adoc")
    by_pandoc(page, source)
    run("asciidoctor", source, "-o", file)
    source.unlink()


# Format: the programs that make it.
MAKERS: dict[str, tuple[Callable[[Path, Path], None], ...]] = {
    ".pdf": (by_chromium, by_latex, by_office),
    ".docx": (by_office, by_pandoc),
    ".odt": (by_office, by_pandoc),
    ".epub": (by_pandoc,),
    ".html": (by_asciidoctor, by_office),
    ".pptx": (by_pandoc,),
    ".rst": (by_pandoc,),
    ".adoc": (by_pandoc,),
    ".tex": (by_pandoc,),
    ".ipynb": (by_pandoc,),
}


def markitdown(file: Path) -> str:
    """Read a file by markitdown."""
    from markitdown import MarkItDown

    return str(MarkItDown().convert(str(file)).text_content)


def pymupdf4llm(file: Path) -> str:
    """Read a PDF by pymupdf4llm, which is AGPL: only beside us, never within."""
    import pymupdf4llm as library

    return str(library.to_markdown(str(file), show_progress=False))


def pypdf(file: Path) -> str:
    """Read the text of a PDF by pypdf."""
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(file).pages)


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


PEERS: dict[str, tuple[Callable[[Path], str], ...]] = {
    ".pdf": (pymupdf4llm, pypdf, markitdown),
    ".docx": (mammoth, markitdown),
    ".epub": (markitdown,),
    ".html": (html2text, markitdown),
    ".pptx": (markitdown,),
    ".ipynb": (markitdown,),
}


def ours(file: Path) -> str:
    """Read a file as corpus=folder does."""
    return read_document(file, file.parent).markdown


def chosen(folder: Path) -> Iterator[Path]:
    """Yield Markdown files with headings and a table, the longest of up to 40 kB first."""
    existing = (file for file in folder.rglob("*.md") if file.is_file())
    files = sorted(existing, key=lambda file: (-file.stat().st_size, file))
    for file in files:
        text = file.read_text(encoding="utf-8", errors="replace")
        if len(text) < 40_000 and not NOISE.search(text) and text.count("\n|") > 3 and text.count("\n#") > 3:
            yield file


def compared(suffix: str, pages: list[Path], scratch: Path) -> None:
    """Make a format by each program, and print the means of each reader."""
    for maker in MAKERS[suffix]:
        total: defaultdict[str, defaultdict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        for number, page in enumerate(pages):
            place = scratch / f"{suffix[1:]}-{maker.__name__}"
            place.mkdir(exist_ok=True)
            file = place / f"document{number}{suffix}"
            with suppress(subprocess.SubprocessError):
                maker(page, file)
            if not file.exists():
                print(f"{suffix} {maker.__name__}: {page.name} was not made")
                continue
            for reader in (ours, *PEERS.get(suffix, ())):
                began = time.monotonic()
                try:
                    measured = scores(reader(file), truth(page))
                except (Fault, Exception) as error:  # of any of the libraries
                    print(f"{file.name} {reader.__name__}: {error!r:.150}")
                    measured = {"recall": 0.0, "precision": 0.0, "found": 0.0, "headings": 0.0, "rows": 0.0}
                for name, value in {**measured, "ms": 1000 * (time.monotonic() - began)}.items():
                    total[reader.__name__][name].append(value)
        for name, numbers in total.items():
            means = "  ".join(f"{part} {sum(values) / len(values):5.1f}" for part, values in numbers.items())
            print(f"{suffix:<6} {maker.__name__:<15} {name:<12} {means}", flush=True)


def main() -> None:
    """Print a line for each format, program and reader."""
    with tempfile.TemporaryDirectory() as folder:
        scratch, pages = Path(folder), list[Path]()
        for number, source in enumerate(list(chosen(Path(sys.argv[1])))[:MOST]):
            page = scratch / f"page{number}.html"
            options = ["--from=gfm-yaml_metadata_block", "--to=html", "--standalone", "--metadata=title: "]
            run(PANDOC, *options, source, f"--output={page}")
            # Pictures have no text, and LaTeX needs packages for some.
            page.write_text(re.sub(r"<img[^>]*>", "", page.read_text(encoding="utf-8")), encoding="utf-8")
            pages.append(page)
        print(f"{len(pages)} documents, {sum(len(truth(page).words) for page in pages):,} words")
        for suffix in sys.argv[2:] or MAKERS:
            compared(suffix, pages, scratch)


if __name__ == "__main__":
    main()
