"""Nodes come in the order of the file, with their lines."""

import tree_sitter_c

from runner.corpus.readers.syntax import Syntax


def test_nodes_are_walked_in_order():
    syntax = Syntax("#define A 1\nint f(\n  int  x);\n", tree_sitter_c.language(), "a.h")
    macro, function = syntax.walk({"translation_unit"})
    assert (syntax.text(macro, "name"), syntax.span(macro)) == ("A", (0, 0))
    assert (syntax.text(function), syntax.span(function)) == ("int f( int x);", (1, 2))
    assert [syntax.text(node) for node in syntax.inside(function, {"identifier"})] == ["f", "x"]
