"""HTML: a page in, its text as Markdown out."""

from pathlib import Path

from runner.corpus.readers import Document
from runner.corpus.readers.installed import needed
from runner.corpus.readers.limited import check_size
from runner.corpus.readers.pandoc import convert
from runner.data.text_file import read_bytes
from runner.errors import Fault

# Parts of a page that are not its text.
AROUND = "//script|//style|//nav|//noscript|//template|//button|//select|//body/header|//body/footer"
# A search box is no text either. But ASP.NET and SharePoint put the whole page into a form.
AROUND += "|//form[not(.//h1|.//h2|.//h3|.//p|.//table|.//main|.//article)]"
# The outermost ones alone: what lies within is read with them, such as the comments on an article.
MAIN = "(//main|//*[@role='main'])[not(ancestor::main|ancestor::*[@role='main'])]"
ARTICLES = "//article[not(ancestor::article)]"


def read(file: Path, home: Path) -> Document:
    """Read an HTML page.

    If a page marks its main part, that part alone is read. Raise a Fault if the file can't be read.
    """
    check_size(file)
    content = read_bytes(file)
    with needed(file, "lxml"):
        from lxml import etree, html
    try:
        # The parser repairs what is not closed, which pandoc reads as text without tables.
        page = html.document_fromstring(content, parser=html.HTMLParser(encoding=_encoding(content)))
    except (etree.LxmlError, ValueError) as error:
        raise Fault(f"{file} can't be read as HTML: {error}. Save it again, or leave it out") from error
    for part in page.xpath(AROUND):
        part.drop_tree()
    main = page.xpath(MAIN) or page.xpath(ARTICLES) or [page]
    # pandoc writes a main part within another one twice.
    for inner in (inner for part in main for inner in part.xpath(".//main|.//*[@role='main']")):
        inner.tag = "div"
        inner.attrib.pop("role", None)
    # Without its head: the title of a page often names the site too. The first heading is the title.
    for head in page.xpath("//head"):
        head.drop_tree()
    return convert(file, "html", b"".join(html.tostring(part, encoding="utf-8") for part in main))


def _encoding(content: bytes) -> str | None:
    """Return UTF-8 if a page is in it, else None: as the page says."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return None
    return "utf-8"
