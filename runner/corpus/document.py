"""Sections of a document: a Markdown or text file in, sections out."""

from collections.abc import Iterator
from itertools import chain, count
from pathlib import Path

import yaml
from markdown_it import MarkdownIt

from runner.data.records import Section
from runner.data.tables import read_text
from runner.data.text import one_form
from runner.errors import Fault


def sections(file: Path, home: Path) -> Iterator[Section]:
    """Split a file into sections, in their order.

    `home` is the folder of documents; a section's id begins with the file's path in it. The text before the first heading is
    a section too, under the document's title. A heading without text gives no section. Raise a Fault if the file cannot be
    read or its front matter is not yaml.
    """
    matter, body = _front_matter(file, read_text(file))
    path = file.relative_to(home)
    # A line of a text file that begins with # is no heading.
    title, parts = _parts(body) if file.suffix.lower() != ".txt" else ("", [("", body)])
    title = str(matter.get("title") or title or file.stem.replace("-", " ").replace("_", " "))
    category = one_form(str(matter.get("category") or (path.parts[0] if len(path.parts) > 1 else file.stem)))
    taken: set[str] = set()
    for heading, text in parts:
        if not text.strip():
            continue
        heading = heading or title
        # An exam refers to a section by its id, so a second "Final" in a document becomes "Final (2)".
        numbered = (f"{heading} ({number})" for number in count(2))
        name = next(form for form in chain([heading], numbered) if form not in taken)
        taken.add(name)
        yield Section(
            id=f"{path.as_posix()}#{name}",
            document=path.as_posix(),
            title=title,
            heading=heading,
            category=category,
            text=text.strip(),
        )


def _front_matter(file: Path, text: str) -> tuple[dict[str, object], str]:
    """Split a text into its front matter and the rest.

    Front matter is yaml between two lines of dashes at the top.
    """
    lines = text.split("\n")  # not splitlines(), which also breaks at form feeds and U+2028
    # A line of dashes that is never closed is a horizontal rule of Markdown.
    if lines[0].strip() != "---" or "---" not in (rest := [line.strip() for line in lines[1:]]):
        return {}, text
    end = rest.index("---") + 1
    try:
        matter = yaml.safe_load("\n".join(lines[1:end])) or {}
    except yaml.MarkedYAMLError as error:
        # yaml counts lines from 0, and the line of dashes stands before its first one.
        line = error.problem_mark.line + 2 if error.problem_mark else 2
        raise Fault(f"{file}:{line}: the front matter is not yaml: {error.problem or error}") from error
    except yaml.YAMLError as error:  # such as a control character, which has no mark
        raise Fault(f"{file}:2: the front matter is not yaml: {error}") from error
    if not isinstance(matter, dict):
        raise Fault(f"{file}:2: the front matter is {matter!r}; expected fields such as category: Some event")
    return matter, "\n".join(lines[end + 1 :])


def _parts(body: str) -> tuple[str, list[tuple[str, str]]]:
    """Split Markdown into its title and (heading, text) pairs.

    The title is the first heading of level 1, or empty. The text under it has an empty heading.
    """
    # A parser finds the headings, since a # within a code block is none. Its line numbers count "\n" alone.
    lines, tokens = body.split("\n"), MarkdownIt().parse(body)
    headings = [
        (token.map, tokens[index + 1].content, token.tag)
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and token.map
    ]
    ends = [span[0] for span, _, _ in headings] + [len(lines)]
    parts = [("", "\n".join(lines[: ends[0]]))]
    title = next((text for _, text, tag in headings if tag == "h1"), "")
    for (span, text, tag), end in zip(headings, ends[1:], strict=True):
        is_title = tag == "h1" and text == title
        parts.append(("" if is_title else text, "\n".join(lines[span[1] : end])))
    return title, parts
