"""A command line in, the sections of its corpus printed."""

from collections.abc import Sequence

from runner.commands.command_settings import command_settings
from runner.comparison.words import counted
from runner.config.components import component
from runner.config.sections import readings_in
from runner.corpus import Corpus, ReadsSections
from runner.corpus.documents import LEFT_OUT
from runner.data.text import count
from runner.errors import Fault
from runner.store.choose import open_store
from runner.terminal.plain_text import plain

WORDS = 8  # of a section's text


def list_sections(words: Sequence[str]) -> None:
    """Print id, place, tokens and first words of each section.

    A corpus needs no exam for that.
    """
    with command_settings(words) as config:
        faults: list[str] = []
        corpus: Corpus = component(config, "corpus", "corpus", faults)
        if faults:
            raise Fault("\n".join(faults))
        with readings_in(open_store(config.store)):
            material = corpus.read_sections() if isinstance(corpus, ReadsSections) else corpus.read()
    sections = material.sections
    tokens = [count(section.text) for section in sections]
    longest, places = max(map(len, map(str, tokens))), max(len(section.place) for section in sections)
    for section, size in zip(sections, tokens, strict=True):
        # One line each and nothing cut, so that an id can be copied and lines searched with grep.
        first = " ".join(section.text.split()[:WORDS])
        print(plain(f"{size:>{longest}} tokens  {section.place:<{places}}  {section.id}  {first}"))
    documents = {section.document for section in sections}
    read = f", {counted(len(material.facts), 'fact')} read without a teacher" if material.facts else ""
    of_documents = f"{counted(len(sections), 'section')} of {counted(len(documents), 'document')}"
    print(plain(f"{of_documents}, {counted(sum(tokens), 'token')}{read}"))
    listed = {text for _, text in material.remarks}
    for note in material.notes:
        if note.removeprefix(LEFT_OUT) not in listed:  # else the list below says it
            print(plain(note))
    for kind, text in material.remarks:
        print(plain(f"{kind}: {' '.join(text.split())}"))
