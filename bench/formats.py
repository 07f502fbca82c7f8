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
from itertools import islice
from pathlib import Path

from document_makers import MAKERS, PANDOC, as_deck, as_written, by_sphinx, run
from document_peers import PEERS
from lxml import html
from rapidfuzz.distance import LCSseq

from runner.corpus.readers.choose import read_document
from runner.errors import Fault

MOST = 10  # documents
FROM_ONE = 4  # of these, sources of reStructuredText from one folder in FOLDER
# What Sphinx leaves out: parts of other files, and directives of extensions.
UNKNOWN = re.compile(
    r"\.\. +(?!code-block|code|note|warning|table|list-table|csv-table|math|_|\||option|function|c:|py:)[\w:-]+::"
)
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


def written_pages(folder: Path, scratch: Path) -> Iterator[Path]:
    """Yield the pages that Sphinx makes of sources of reStructuredText, the longest of up to 40 kB first."""
    taken = Counter[str]()
    for source in sorted(folder.rglob("*.rst"), key=lambda file: (-file.stat().st_size, file)):
        top = source.relative_to(folder).parts[0]
        text = source.read_text(encoding="utf-8", errors="replace")
        if len(text) > 40_000 or UNKNOWN.search(text) or taken[top] == FROM_ONE or taken.total() == MOST:
            continue
        taken[top] += 1
        page = scratch / f"written{taken.total()}.html"
        shutil.copy(source, page.with_suffix(".rst"))
        by_sphinx(page.with_suffix(".rst"), page)
        (body,) = html.parse(page).xpath("//div[@class='body']")
        for link in body.xpath(".//a[@class='headerlink']"):
            link.drop_tree()
        whole = f"<html><head><meta charset='utf-8'/></head><body>{html.tostring(body, encoding='unicode')}</body></html>"
        page.write_text(whole, encoding="utf-8")
        yield page


def compared(suffix: str, maker: Callable[[Path, Path], None], pages: list[Path], scratch: Path) -> None:
    """Make a format by a program, and print the means of each reader."""
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
    with tempfile.TemporaryDirectory() as name:
        folder, scratch, pages = Path(sys.argv[1]), Path(name), list[Path]()
        for number, source in enumerate(islice(chosen(folder), MOST)):
            page = scratch / f"page{number}.html"
            options = ["--from=gfm-yaml_metadata_block", "--to=html", "--standalone", "--metadata=title: "]
            run(PANDOC, *options, source, f"--output={page}")
            # Pictures have no text, and LaTeX needs packages for some.
            page.write_text(re.sub(r"<img[^>]*>", "", page.read_text(encoding="utf-8")), encoding="utf-8")
            pages.append(page)
        print(f"{len(pages)} documents, {sum(len(truth(page).words) for page in pages):,} words")
        for suffix in sys.argv[2:] or MAKERS:
            for maker in MAKERS[suffix]:
                made_of = [as_deck(page) for page in pages] if suffix == ".pptx" else pages
                written = maker is as_written
                compared(suffix, maker, list(written_pages(folder, scratch)) if written else made_of, scratch)


if __name__ == "__main__":
    main()
