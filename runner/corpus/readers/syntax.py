"""Syntax trees of tree-sitter: a file's text in, its nodes out."""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from runner.corpus.readers.markdown_writing import flat

if TYPE_CHECKING:
    from tree_sitter import Node


class Syntax:
    """A source file that was parsed. What is no syntax of its language is skipped."""

    def __init__(self, text: str, language: object, name: str) -> None:
        from tree_sitter import Language, Parser

        self.name = name
        self.lines = text.split("\n")
        self.root = Parser(Language(language)).parse(text.encode()).root_node

    def walk(self, around: Collection[str]) -> Iterator["Node"]:
        """Yield nodes in their order; enter those of kinds `around`."""
        # Not by recursion: a file may nest deeper than Python's stack.
        waiting = [self.root]
        while waiting:
            node = waiting.pop()
            if node.type in around:
                waiting += reversed(node.named_children)
            else:
                yield node

    def inside(self, node: "Node", kinds: Collection[str]) -> Iterator["Node"]:
        """Yield the nodes of some kinds within a node."""
        waiting = [node]
        while waiting:
            part = waiting.pop()
            if part.type in kinds:
                yield part
            else:
                waiting += reversed(part.named_children)

    def text(self, node: "Node", field: str = "") -> str:
        """Return a node or its field as it is written."""
        part = node.child_by_field_name(field) if field else node
        return flat(part.text.decode("utf-8", "replace")) if part and part.text else ""

    def span(self, node: "Node") -> tuple[int, int]:
        """Return the first and last line of a node."""
        first = int(node.start_point[0])
        return first, first + (node.text or b"").decode("utf-8", "replace").rstrip().count("\n")
