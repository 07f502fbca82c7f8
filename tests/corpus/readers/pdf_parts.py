"""Parts of a PDF as liteparse gives them."""

from liteparse import ParsedPage, StructureTreeElement, TextItem, WordBox
from liteparse.types import StructureTree


def text(number, said, x=50.0, y=100.0):
    """A text of letters that are 5 points wide, with the number that tags call it by."""
    words, place = [], x
    for word in said.split():
        words.append(WordBox(word, place, y, 5.0 * len(word), 10.0))
        place += 5.0 * (len(word) + 1)
    return TextItem(said, x, y, 5.0 * len(said), 10.0, font_size=10.0, mcid=number, words=words)


def tag(kind, *parts, **attributes):
    """An element of the tree, from the numbers of its texts and the elements within."""
    numbers = [part for part in parts if isinstance(part, int)]
    children = [part for part in parts if not isinstance(part, int)]
    return StructureTreeElement(kind, marked_content_ids=numbers, children=children, attributes=attributes)


def page(root, *texts):
    """A page with its tree and its texts."""
    return ParsedPage(1, 600.0, 800.0, "", text_items=list(texts), structure_tree=StructureTree([root]), blocks=[])
