"""Names of sections and documents: as people write them in, what they name out."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import PurePosixPath

from runner.data.records import Section
from runner.errors import Fault

NEAREST = 5  # names in a message
WILD = frozenset("*?[/")  # what makes a name a pattern


@dataclass(frozen=True)
class SectionIndex:
    """Sections of a corpus, found by their names.

    `others` are further names of sections, see `Sectioning`.
    """

    sections: Sequence[Section]
    others: Mapping[str, Sequence[str]]

    def section(self, where: str, name: str, answer: str) -> Section | None:
        """Find the section that a row of a table names; an empty name is none.

        A section is named by its id, or by its last heading if no other section of its document has it. Of a section that was
        split, the first part that states `answer` is taken. Raise a Fault that begins with `where` and names the nearest ids.
        """
        if not name:
            return None
        name = unicodedata.normalize("NFC", name)
        if name in self._known:
            return self._known[name]
        ids = self.others.get(name, ())
        if not ids:
            near = get_close_matches(name, [*self._known, *self.others], NEAREST, 0.5) or sorted(self._known)[:NEAREST]
            raise Fault(f"{where}: no section {name!r} in the documents. Expected file#heading, such as {', '.join(near)}")
        parts = [self._known[key] for key in ids]
        if len({section.heading for section in parts}) > 1:
            raise Fault(f"{where}: several sections are called {name!r}. Expected one of {', '.join(ids[:NEAREST])}")
        return next((section for section in parts if answer.casefold() in section.text.casefold()), parts[0])

    @cached_property
    def _known(self) -> dict[str, Section]:
        return {section.id: section for section in self.sections}


def documents_matching(patterns: Sequence[str], documents: Sequence[str], setting: str) -> set[str]:
    """Return the documents that any of the patterns selects.

    A pattern with * or / selects by the path in the folder (`uart/**`). A plain name selects the document of that name, with
    or without its suffix. Raise a Fault that names `setting` if a pattern selects nothing, or a name several documents.
    """
    chosen: set[str] = set()
    for pattern in patterns:
        wanted = unicodedata.normalize("NFC", pattern)
        if set(wanted) & WILD:
            names = [name for name in documents if fnmatchcase(name, wanted) or name == f"{wanted}{PurePosixPath(name).suffix}"]
        else:
            names = [name for name in documents if wanted in {PurePosixPath(name).name, PurePosixPath(name).stem}]
            if len(names) > 1:
                paths = ", ".join(names[:NEAREST])
                raise Fault(f"{setting}: several documents are called {pattern}. Expected a path, such as {paths}")
        if not names:
            near = get_close_matches(wanted, documents, NEAREST, 0.3) or sorted(documents)[:NEAREST]
            raise Fault(f"{setting}: no document matches {pattern}. Expected a name or a pattern of {', '.join(near)}")
        chosen.update(names)
    return chosen
