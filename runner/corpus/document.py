"""One Markdown or text file to its sections: the text under each heading."""

from collections.abc import Iterator
from itertools import chain, count
from pathlib import Path

import yaml
from markdown_it import MarkdownIt

from runner.data.records import Section
from runner.data.tables import read_text
from runner.errors import Fault


def sections(file: Path, home: Path) -> Iterator[Section]:
    """The file's sections in order; text before the first heading is a section under the document's title."""
    matter, body = _front_matter(file, read_text(file))
    name = file.relative_to(home)
    title, parts = _parts(body) if file.suffix.lower() != ".txt" else ("", [("", body)])
    title = str(matter.get("title") or title or file.stem.replace("-", " ").replace("_", " "))
    category = str(matter.get("category") or (name.parts[0] if len(name.parts) > 1 else file.stem))
    taken: set[str] = set()
    for heading, text in parts:
        if not text.strip():
            continue
        heading = heading or title
        numbered = (f"{heading} ({number})" for number in count(2))
        own = next(form for form in chain([heading], numbered) if form not in taken)
        taken.add(own)
        yield Section(
            id=f"{name.as_posix()}#{own}",
            document=name.as_posix(),
            title=title,
            heading=heading,
            category=category,
            text=text.strip(),
        )


def _front_matter(file: Path, text: str) -> tuple[dict[str, object], str]:
    """The yaml between two lines of dashes at the top, and what follows it."""
    lines = text.split("\n")  # splitlines() would also break at form feeds and U+2028
    if lines[0].strip() != "---" or "---" not in (rest := [line.strip() for line in lines[1:]]):
        return {}, text
    end = rest.index("---") + 1
    try:
        matter = yaml.safe_load("\n".join(lines[1:end])) or {}
    except yaml.YAMLError as error:
        mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
        line = mark.line + 2 if mark else 2  # after the line of dashes
        raise Fault(f"{file}:{line}: the front matter is not yaml: {problem or error}") from error
    if not isinstance(matter, dict):
        raise Fault(f"{file}:2: the front matter is {matter!r}; expected fields such as category: Some event")
    return matter, "\n".join(lines[end + 1 :])


def _parts(body: str) -> tuple[str, list[tuple[str, str]]]:
    """The first top heading's text as title, and each heading with the text up to the next one."""
    lines, tokens = body.split("\n"), MarkdownIt().parse(body)  # the lines that the tokens' maps count
    marks = [
        (token.map, tokens[index + 1].content, token.tag)
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and token.map
    ]
    ends = [span[0] for span, _, _ in marks] + [len(lines)]
    parts = [("", "\n".join(lines[: ends[0]]))]
    title = next((text for _, text, tag in marks if tag == "h1"), "")
    for (span, text, tag), end in zip(marks, ends[1:], strict=True):
        is_title = tag == "h1" and text == title
        parts.append(("" if is_title else text, "\n".join(lines[span[1] : end])))
    return title, parts
