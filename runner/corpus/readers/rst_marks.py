"""Marks of reStructuredText that pandoc reads otherwise than Sphinx: a source in, the same with other marks out."""

import re

# Of a domain, such as c:function. pandoc leaves out the names of those, and keeps them of others.
_DOMAIN = re.compile(r"^(\s*\.\. [a-z]+):([a-z-]+)(?=::(?:\s|$))", re.MULTILINE)
# A title of which the line is too short, but not one of four marks: Sphinx warns, and takes it.
_TITLE = re.compile(r"(?<![^\n]\n)^(?P<title>\S[^\n]*)\n(?P<mark>[-=`:'\"~^_*+#<>.])(?P=mark){3,}[ \t]*$", re.MULTILINE)
_LINK = re.compile(r"(?<![`\w:\\])`(?P<text>[^`\n][^`]*?)\s+<[^<>`]+>`__?")


def plain_marks(text: str) -> str:
    """Rewrite names of functions and underlines of titles."""

    def underlined(match: re.Match[str]) -> str:
        width = max(2 * len(match["title"]), len(match[0]) - len(match["title"]) - 1)  # a letter may be two columns wide
        return f"{match['title']}\n{match['mark'] * width}"

    return _TITLE.sub(underlined, _DOMAIN.sub(r"\1-\2", text))


def plain_links(text: str) -> str:
    """Leave the text of links that pandoc may not read: of several lines, or with <."""

    def plain(link: re.Match[str]) -> str:
        # A table's columns stay in their places, since no link of several lines of a cell is touched.
        if "|" in link[0] or not re.search(r"[<\n]", link["text"]):
            return link[0]
        return re.sub(r"\s+", " ", link["text"]).replace("<", r"\<").ljust(len(link[0]))

    return _LINK.sub(plain, text)
