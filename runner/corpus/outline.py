"""Outline of a document: Markdown in, the text under each heading out."""

from dataclasses import dataclass

from markdown_it import MarkdownIt

from runner.data.text import one_form

# Blocks alone: what stands within a line makes no heading, and takes a third of the time. One parser for all documents, since
# making it takes as long as a short file.
_PARSER = MarkdownIt().disable(["inline", "text_join"])


@dataclass(frozen=True)
class Part:
    """The text under one heading, up to the next one."""

    headings: tuple[str, ...]  # from the outermost to its own; without the document's title
    text: str
    lines: range  # of the document, from its heading or first text on, counted from 0


def outline(markdown: str) -> tuple[str, list[Part]]:
    """Split Markdown into its title and its parts.

    The title is the only heading of level 1; it is empty if there are none or several. A part may be without text.
    """
    # A parser finds the headings, since a # within a code block is none. Its line numbers count "\n" alone.
    lines, tokens = markdown.split("\n"), _PARSER.parse(markdown)
    headings = [
        # Sections are called by their headings, and people type accents as one character each.
        (token.map, one_form(tokens[index + 1].content), int(token.tag[1:]))
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and token.map
    ]
    highest = [text for _, text, level in headings if level == 1]
    title = highest[0] if len(highest) == 1 else ""
    ends = [span[0] for span, _, _ in headings] + [len(lines)]
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    parts = [Part((), "\n".join(lines[: ends[0]]), range(min(first, ends[0]), ends[0]))]
    above: list[tuple[int, str]] = []
    for (span, text, level), end in zip(headings, ends[1:], strict=True):
        above = [(outer, heading) for outer, heading in above if outer < level]
        if not (level == 1 and text == title):
            above.append((level, text))
        parts.append(Part(tuple(heading for _, heading in above), "\n".join(lines[span[1] : end]), range(span[0], end)))
    return title, parts
