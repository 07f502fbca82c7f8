"""Names of sections and documents: as people write them in, what they name out."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import PurePosixPath

from runner.data.records import Section
from runner.data.text import one_form
from runner.errors import Fault

NEAREST = 5  # names in a message
WILD = frozenset("*?[/")  # what makes a name a pattern


@dataclass(frozen=True)
class SectionIndex:
    """Sections of a corpus, found by their names.

    `others` are further names of sections, see `Sectioning`. `left_out` has the reason for each document that can't be read.
    """

    sections: Sequence[Section]
    others: Mapping[str, Sequence[str]]
    left_out: Mapping[str, str] = field(default_factory=dict)

    def section(self, where: str, name: str, answer: str) -> Section | None:
        """Find the section that a row of a table names; an empty name is none.

        A section is named by its id, or by its last heading if no other section of its document has it. Of a section that was
        split, the first part that states `answer` is taken. Raise a Fault that begins with `where` and names the nearest ids, or
        the reason why the document was left out.
        """
        if not name:
            return None
        name = unicodedata.normalize("NFC", name)
        name = name if name in self._known else one_form(name)
        if name in self._known:
            return self._known[name]
        ids = self.others.get(name, ())
        if not ids:
            for document, reason in self.left_out.items():
                if name.startswith(f"{document}#"):
                    raise Fault(f"{where}: section {name!r} is of a document that was left out: {reason}")
            near = get_close_matches(name, [*self._known, *self.others], NEAREST, 0.5) or sorted(self._known)[:NEAREST]
            raise Fault(f"{where}: no section {name!r} in the documents. Expected file#heading, such as {', '.join(near)}")
        parts = [self._known[key] for key in ids]
        if len({section.heading for section in parts}) > 1:
            raise Fault(f"{where}: several sections are called {name!r}. Expected one of {', '.join(ids[:NEAREST])}")
        return next((section for section in parts if answer.casefold() in section.text.casefold()), parts[0])

    @cached_property
    def _known(self) -> dict[str, Section]:
        return {section.id: section for section in self.sections}


def documents_matching(patterns: Sequence[str], documents: Sequence[str], left_out: Mapping[str, str]) -> set[str]:
    """Return the documents that any of the patterns selects.

    A pattern with * or / selects by the path in the folder (`uart/**`). A plain name selects the document of that name, with
    or without its suffix. Raise a Fault if a pattern selects nothing, or a name several documents. If all that it selects was
    left out, the Fault gives the reason.
    """
    chosen: set[str] = set()
    for pattern in patterns:
        wanted = unicodedata.normalize("NFC", pattern)
        names = [name for name in documents if _is_called(name, wanted)]
        if len(names) > 1 and not set(wanted) & WILD:
            paths = ", ".join(names[:NEAREST])
            raise Fault(f"corpus.documents: several documents are called {pattern}. Expected a path, such as {paths}")
        if not names:
            if unread := [reason for name, reason in left_out.items() if _is_called(name, wanted)]:
                raise Fault(f"corpus.documents: {pattern} matches only documents that were left out: {unread[0]}")
            near = get_close_matches(wanted, documents, NEAREST, 0.3) or sorted(documents)[:NEAREST]
            raise Fault(f"corpus.documents: no document matches {pattern}. Expected a name or a pattern of {', '.join(near)}")
        chosen.update(names)
    return chosen


def is_selected(document: str, patterns: Sequence[str]) -> bool:
    """Return True if any pattern selects a document; no pattern selects all."""
    return not patterns or any(_is_called(document, unicodedata.normalize("NFC", pattern)) for pattern in patterns)


def _is_called(document: str, wanted: str) -> bool:
    """Return True if a name or pattern selects a document."""
    path = PurePosixPath(document)
    # A name such as map[1].md is that of a file, and a pattern too.
    if wanted in {path.name, path.stem, document, str(path.with_suffix(""))}:
        return True
    return bool(set(wanted) & WILD) and fnmatchcase(document, wanted)
