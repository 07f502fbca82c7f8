"""Python: a file in, its classes and functions with docstrings and code out."""

import ast
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from warnings import catch_warnings, simplefilter

from runner.corpus.readers import Document
from runner.corpus.readers.limited import limited_text
from runner.corpus.readers.markdown_writing import sentence
from runner.corpus.readers.source_code import LICENCE, CodeUnit, Comments, document, head

COMMENTS = Comments("#")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def read(file: Path, home: Path) -> Document:
    """Read a Python file; nothing of it is run.

    A file that is not in the syntax of this Python is kept as text, with a note. Raise a Fault if it can't be read.
    """
    text = limited_text(file)
    try:
        with catch_warnings():
            simplefilter("ignore")  # on escapes in strings, which are for the author
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        reason = f"line {error.lineno}: {error.msg}" if isinstance(error, SyntaxError) else "it is nested too deep"
        version = f"Python {sys.version_info.major}.{sys.version_info.minor}"
        # Such as Python 2, whose text can still be searched.
        note = f"{file.name} is read as text without facts, since it is not {version}: {reason}"
        return replace(document(file.name, text, "python", COMMENTS, ()), notes=(note,))
    return document(file.name, text, "python", COMMENTS, _units(tree, file.stem, text.split("\n")))


def _units(tree: ast.Module, module: str, lines: Sequence[str]) -> Iterator[CodeUnit]:
    """Yield a module's head, classes, methods and functions."""
    parts = [node for node in tree.body if isinstance(node, ast.ClassDef | Function)]
    before = head(f"module {module}", lines, _start(parts[0]) if parts else len(lines), COMMENTS)
    yield replace(before, facts=_facts("module", module, ast.get_docstring(tree)))
    for node in parts:
        if isinstance(node, ast.ClassDef):
            yield from _class(node, module)
        else:
            yield _function(node, "function", node.name, f"of the module {module}", 2)


def _class(node: ast.ClassDef, module: str) -> Iterator[CodeUnit]:
    """Yield a class without its methods, then each method."""
    methods = [part for part in node.body if isinstance(part, Function)]
    stop = _start(methods[0]) if methods else _stop(node)
    bases = ", ".join(map(ast.unparse, node.bases))
    facts = [f"The class {node.name} of the module {module} extends {bases}."] if bases else []
    facts += _facts("class", node.name, ast.get_docstring(node), f"of the module {module}")
    yield CodeUnit(heading=f"class {node.name}", start=_start(node), stop=stop, facts=facts)
    for method in methods:
        yield _function(method, "method", method.name, f"of the class {node.name}", 3)


def _function(node: Function, noun: str, name: str, owner: str, level: int) -> CodeUnit:
    returned = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    facts = [f"The {noun} {name} {owner} has the signature {name}({ast.unparse(node.args)}){returned}."]
    facts += _facts(noun, name, ast.get_docstring(node), owner)
    return CodeUnit(heading=f"{noun} {name}", start=_start(node), stop=_stop(node), facts=facts, level=level)


def _facts(noun: str, name: str, docstring: str | None, owner: str = "") -> Sequence[str]:
    """Return a sentence with a docstring's first paragraph."""
    first = (docstring or "").strip().split("\n\n")[0]
    return [f"The {noun} {name}{owner and f' {owner}'}: {sentence(first)}"] if first and not LICENCE.search(first) else []


def _start(node: ast.ClassDef | Function) -> int:
    return min([node.lineno, *(part.lineno for part in node.decorator_list)]) - 1


def _stop(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno
