"""Plain text of a PDF by pdfium: a file in, the texts of its pages in the order of the file out."""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path

from runner.corpus.readers.markdown_writing import prose

LEAST_ORDER = 0.95  # of the words, in their order: with fewer, a page was read in another order
LEAST_PAIRS = 0.98  # of the pairs of neighbours: with more, the order is not looked at
MOST_WORDS = 3000  # of a page whose order is looked at, which takes the square of their number
LEAST_WORDS = 0.98  # of the words: with fewer, plain text takes no page's place

_COMMAND = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from runner.corpus.readers.pdf_plain import main; main(sys.argv[2])"
)


def plain_pages(file: Path, seconds: float) -> list[str]:
    """Return the text of each page; none if pdfium can't read the file."""
    # A process of its own, since a hostile file may end it or keep it for ever.
    # Not with -m, which takes modules from the current folder first: it may hold a json.py of anybody.
    command = [sys.executable, "-P", "-c", _COMMAND, json.dumps(sys.path), str(file.resolve())]
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, check=True)
    except subprocess.SubprocessError:
        return []
    return [str(page) for page in json.loads(done.stdout)]


def in_order(blocks: Sequence[str], plain: str) -> list[str]:
    """Replace a page whose words are mixed up.

    Wrapped cells of a table without lines are read across by their places, while the file holds one cell after the other.
    Other pages stay as they are.
    """
    words, wanted = _words("\n".join(blocks)), _words(plain)
    if _same_order(words, wanted) or _share(wanted, words) < LEAST_WORDS:
        return list(blocks)
    headings = {tuple(_words(line)): line for block in blocks for line in block.split("\n") if line.startswith("#")}
    paragraphs = [list[str]()]
    for line in plain.splitlines():
        if heading := headings.get(tuple(_words(line))):
            paragraphs += [[heading], []]
        else:
            paragraphs[-1].append(prose(line.strip()))
    return [text for lines in paragraphs if (text := "\n".join(lines).strip())]


def _same_order(words: Sequence[str], wanted: Sequence[str]) -> bool:
    if _share(pairwise(words), pairwise(wanted)) >= LEAST_PAIRS or max(len(words), len(wanted)) > MOST_WORDS:
        return True
    matcher = SequenceMatcher(None, words, wanted, autojunk=False)
    return sum(match.size for match in matcher.get_matching_blocks()) >= LEAST_ORDER * len(wanted)


def _words(text: str) -> list[str]:
    # Without the escapes and marks of Markdown, and underscores, which it escapes.
    return re.findall(r"[^\W_]+", text)


def _share(some: Iterable[Hashable], wanted: Iterable[Hashable]) -> float:
    """Return the share of what is wanted that is there."""
    counts = Counter(wanted)
    return (Counter(some) & counts).total() / counts.total() if counts else 1.0


def main(file: str) -> None:
    """Print the texts of a file's pages as JSON."""
    import pypdfium2

    # U+FFFE stands for a hyphen at the end of a line.
    pages = [page.get_textpage().get_text_range().replace("\ufffe", "") for page in pypdfium2.PdfDocument(file)]
    print(json.dumps(pages))
