"""Tests of the page on error messages.

Every heading must be part of a message that the code can still print.
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
HEADINGS = re.findall(r"^### `(.+)`$", PAGE, re.MULTILINE)
GAP = "\0"  # in place of a value within a message


def messages() -> set[str]:
    """Return every string in the code; `GAP` stands for the values in f-strings."""
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in (ROOT / "runner").rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    plain = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return plain | {
        "".join(str(part.value) if isinstance(part, ast.Constant) else GAP for part in node.values)
        for node in nodes
        if isinstance(node, ast.JoinedStr)
    }


MESSAGES = messages()


def test_every_heading_of_the_third_level_is_a_message() -> None:
    assert len(HEADINGS) >= 20
    assert len(HEADINGS) == len(re.findall(r"^### ", PAGE, re.MULTILINE))


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_heading_is_part_of_a_message_of_the_code(heading: str) -> None:
    pattern = re.compile(".*".join(map(re.escape, heading.split("…"))), re.DOTALL)
    assert any(pattern.search(message) for message in MESSAGES)
