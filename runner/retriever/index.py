"""Indexes: passages in, files for later searches out.

An index is a folder with the passages, their words for BM25, and for dense search their embeddings.
"""

import logging
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from runner.data.records import Passage, Section, read, write
from runner.data.text import SIGNS, VOWELS, spaced
from runner.embedding.minilm import READS, embed, encoder, token_ids
from runner.retriever import Indexed
from runner.retriever.passages import searchable, shortened

Array = np.ndarray[Any, Any]
# Of two letters and more, with the vowels of Indic scripts, or a single sign.
_WORD = rf"[\w{VOWELS}]{{2,}}|[{SIGNS}]"
PASSAGES, WORDS, VECTORS = "passages.jsonl", "words", "vectors.npy"


def find_at_once(retriever: Indexed, questions: Sequence[str], sections: Sequence[Section]) -> list[tuple[Passage, ...]]:
    """Index the sections and search them, and keep nothing."""
    if not questions:  # the embedding model need not be installed then
        return []
    with tempfile.TemporaryDirectory() as folder:
        retriever.index(sections, Path(folder))
        return retriever.search(questions, Path(folder), retriever.passages)


def write_words(passages: Iterable[Passage], folder: Path) -> None:
    """Write the passages and their words."""
    import bm25s

    passages = list(passages)
    write(folder / PASSAGES, passages)
    words = stems([searchable(passage) for passage in passages])
    # bm25s raises an error for texts without any word.
    if any(words):
        index = bm25s.BM25()
        index.index(words, show_progress=False)
        index.save(folder / WORDS, show_progress=False)


def write_vectors(passages: Iterable[Passage], folder: Path) -> None:
    """Write the passages with words and embeddings."""
    write_words(write_embedded(passages, folder), folder)


def write_embedded(passages: Iterable[Passage], folder: Path) -> Sequence[Passage]:
    """Write the passages and their embeddings; return what was written.

    A passage that is longer than the embedding model reads is split first.
    """
    loaded = encoder()
    embedded = list(fitting(passages, loaded))
    write(folder / PASSAGES, embedded)
    np.save(folder / VECTORS, embed([searchable(passage) for passage in embedded], loaded))
    return embedded


def fitting(passages: Iterable[Passage], encoder: tuple[Any, Any]) -> Iterator[Passage]:
    """Split passages that are longer than the embedding model reads."""
    tokenizer, _ = encoder
    return shortened(passages, READS, lambda text: len(token_ids([text], tokenizer)[0]))


def read_passages(folder: Path) -> Sequence[Passage]:
    """Read the passages of an index."""
    return read(folder / PASSAGES, Passage)


def word_scores(questions: Sequence[str], folder: Path) -> Callable[[int], Array]:
    """Make a function from a question's place to BM25 scores.

    They are 0 if it has no word that can be searched for.
    """
    import bm25s

    nothing = np.zeros(len(read_passages(folder)))
    if not (folder / WORDS).exists():
        return lambda place: nothing
    index, words = bm25s.BM25.load(folder / WORDS), stems(questions)
    return lambda place: index.get_scores(words[place]) if words[place] else nothing


def cosines(questions: Sequence[str], folder: Path) -> Callable[[int], Array]:
    """Make a function from a question's place to its cosines."""
    # All vectors have length 1, so the dot product is the cosine.
    vectors, asked = np.load(folder / VECTORS), embed(questions, encoder())
    return lambda place: vectors @ asked[place]


def stems(texts: Sequence[str]) -> list[list[str]]:
    """Return the stems of the words of each text.

    English stop words and single letters are left out. A name such as intr_state is one word. Of scripts without spaces, pairs of
    signs are words.
    """
    # Imported here, so that a study without RAG does not load them.
    import bm25s
    import Stemmer

    stemmer = Stemmer.Stemmer("english")
    settings = {"stopwords": "en", "stemmer": stemmer, "token_pattern": _WORD, "return_ids": False, "show_progress": False}
    words: list[list[str]] = bm25s.tokenize([*map(spaced, texts)], **settings)
    # bm25s logs each step at DEBUG, and sets that level itself when it is imported.
    logging.getLogger("bm25s").setLevel(logging.WARNING)
    return words
