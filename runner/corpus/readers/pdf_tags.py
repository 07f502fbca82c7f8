"""Tags of a PDF: the tree of a page in, and which of its texts belong to which element."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from liteparse import ParsedPage, StructureTreeElement, TextItem

LARGEST_LOSS = 0.01  # of the characters: without a tag, amid tagged text
HEADING = re.compile(r"H(\d?)|Title")


class Texts:
    """The texts of a page, by elements of its tree."""

    def __init__(self, page: "ParsedPage") -> None:
        owners = _owners(list(elements_of(page)), {item.mcid for item in page.text_items})
        self.by_element: defaultdict[int, list[TextItem]] = defaultdict(list)
        self.free = [item for item in page.text_items if item.mcid not in owners]
        for item in page.text_items:
            if item.mcid in owners:
                self.by_element[owners[item.mcid]].append(item)
        heights = [item.y for items in self.by_element.values() for item in items]
        self.top, self.bottom = min(heights, default=0.0), max(heights, default=page.height)

    def take(self, elements: "Iterable[StructureTreeElement]") -> "list[TextItem]":
        """Return the texts of some elements, each of them once."""
        items = [item for element in elements for item in self.by_element.pop(id(element), ())]
        # The tree tells apart an element's own texts and its children, and not the order of both. The numbers do.
        return sorted(items, key=lambda item: item.mcid or 0)


def has_tags(pages: Sequence["ParsedPage"]) -> bool:
    """Return True if a PDF has tags."""
    return any(True for page in pages for _ in elements_of(page))


def well_tagged(pages: Sequence["ParsedPage"]) -> bool:
    """Return True if tags hold headings and text."""
    if not has_tags(pages):
        return False
    headed = any(HEADING.fullmatch(element.type) for page in pages for element in elements_of(page))
    if not headed and any(block.kind == "heading" for page in pages for block in page.blocks or ()):
        return False
    texts = [Texts(page) for page in pages]
    lost = sum(len(item.text) for page in texts for item in page.free if page.top <= item.y <= page.bottom)
    return lost <= LARGEST_LOSS * sum(len(item.text) for page in pages for item in page.text_items)


def table_goes_on(page: "ParsedPage") -> bool:
    """Return True if a page begins amid a table."""
    first = next((element for element in elements_of(page) if element.type == "TR" or element.marked_content_ids), None)
    return bool(first and first.type == "TR" and all(cell.type != "TH" for cell in first.children))


def elements_of(page: "ParsedPage") -> "Iterator[StructureTreeElement]":
    """Yield the elements of a page, outer ones first."""
    for root in page.structure_tree.roots if page.structure_tree else ():
        yield from within(root)


def within(element: "StructureTreeElement") -> "Iterator[StructureTreeElement]":
    """Yield an element and those within it."""
    yield element
    for child in element.children:
        yield from within(child)


def _owners(elements: "Sequence[StructureTreeElement]", used: Set[int | None]) -> dict[int | None, int]:
    """Return the element that owns each number of texts."""
    # An element that goes on from the page before, or on the next page, also has numbers of that page. So the element with the
    # fewest numbers owns one. Of several with as many, each leaves to the later what it can do without.
    claims = Counter((len(element.marked_content_ids), number) for element in elements for number in element.marked_content_ids)
    owners: dict[int | None, int] = {}
    for element in sorted(elements, key=lambda element: len(element.marked_content_ids)):
        count = len(element.marked_content_ids)
        numbers = sorted(number for number in element.marked_content_ids if number in used and number not in owners)
        alone = [number for number in numbers if claims[count, number] == 1] or numbers[:1]
        owners.update((number, id(element)) for number in alone)
        claims.subtract((count, number) for number in element.marked_content_ids)
    return owners
