"""Sections that were shown in, kept beside the reviews; what has changed in a section since out."""

import json
import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from pathlib import Path

from runner.data.appended_lines import append_line
from runner.data.records import Section
from runner.data.reviews import source_of

NAME = "reviewed_sections.jsonl"
Change = tuple[str, str]  # same, added or removed; with the words
_KEPT = 12  # words beside a change that are shown


class ShownSections:
    """The texts of sections at the time of their reviews."""

    def __init__(self, path: Path) -> None:
        """Read the file, if it is there."""
        self.path, self._texts = path, dict[str, str]()
        lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
        for line in lines:
            try:
                row = json.loads(line)
                self._texts[row["source"]] = row["text"]
            except (ValueError, LookupError, TypeError):  # half a line, as a crash leaves it: that text is written again
                continue

    def keep(self, section: Section) -> None:
        """Add a section's text, unless it is there."""
        source = source_of(section)
        if source in self._texts:
            return
        row = {"source": source, "section": section.id, "title": section.title, "heading": section.heading, "text": section.text}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        append_line(self.path, json.dumps(row))
        self._texts[source] = section.text

    def changes(self, source: str, section: Section) -> list[Change]:
        """Return the words that differ; [] if the old text is not known."""
        return list(changed_words(self._texts[source], section.text)) if source in self._texts else []


def changed_words(before: str, after: str) -> Iterable[Change]:
    """Compare two texts by words; long parts that are the same are cut."""
    old, new = (re.findall(r"\S+\s*|^\s+", text) for text in (before, after))
    matcher = SequenceMatcher(None, [word.strip() for word in old], [word.strip() for word in new], autojunk=False)
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            words = new[start:end]
            short = len(words) <= 2 * _KEPT
            yield "same", "".join(words if short else [*words[:_KEPT], "[...] ", *words[-_KEPT:]])
            continue
        if last > first:
            yield "removed", "".join(old[first:last])
        if end > start:
            yield "added", "".join(new[start:end])
