"""An index is a folder that later searches read."""

import unicodedata
from pathlib import Path

import pytest

from runner.data.records import Passage
from runner.retriever.index import cosines, find_at_once, read_passages, word_scores, write_vectors, write_words
from runner.retriever.lexical import Lexical
from tests.given import section

PASSAGES = [
    Passage(section="cup.md#A", text="The feline slept.", source="The Cup > A"),
    Passage(section="cup.md#B", text="Part QX-7 ships.", source="The Cup > B"),
]


def test_an_index_of_words_and_vectors_gives_scores_of_each_question(tmp_path: Path) -> None:
    write_vectors(PASSAGES, tmp_path)
    assert list(read_passages(tmp_path)) == PASSAGES
    words, similar = word_scores(["shipping QX?", "a cat"], tmp_path), cosines(["shipping QX?", "a cat"], tmp_path)
    assert (words(0) > 0).tolist() == [False, True]
    assert words(1).tolist() == [0, 0]
    assert similar(1)[0] > similar(1)[1]


def test_nothing_in_an_index_is_pickled(tmp_path: Path) -> None:
    write_vectors(PASSAGES, tmp_path)
    names = [path for path in tmp_path.rglob("*") if path.is_file()]
    # Arrays of objects are the only pickles that NumPy writes, and it names their type in the header.
    assert {path.suffix for path in names} <= {".npy", ".json", ".jsonl"}
    assert not any(b"|O" in path.read_bytes()[:128] for path in names if path.suffix == ".npy")


@pytest.mark.parametrize("passages", [[], [Passage(section="a", text="?", source="the")]])
def test_passages_without_words_score_nothing(passages: list[Passage], tmp_path: Path) -> None:
    write_words(passages, tmp_path)
    assert word_scores(["Who?"], tmp_path)(0).tolist() == [0] * len(passages)


def test_a_search_at_once_finds_as_many_passages_as_a_prompt_holds() -> None:
    (found,) = find_at_once(Lexical(passages=2, sentences=1), ["Ada"], [section("Ada won. Bea lost. Cleo saw it.")])
    assert [passage.text for passage in found] == ["Ada won.", "Bea lost."]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("中断控制器是什么？", "这是一个关于中断控制器的文档。"),
        ("हिन्दी", "नमस्ते हिन्दी भाषा"),
        ("ช่องว่าง", "ภาษาไทยไม่มีช่องว่าง"),
        ("كتاب", "كِتَاب جديد"),
        ("Wie groß ist die Übersicht?", unicodedata.normalize("NFD", "Die Übersicht fehlt.")),
    ],
)
def test_words_of_every_script_are_found(tmp_path: Path, question: str, text: str) -> None:
    write_words([Passage(section="a.md#A", text=other) for other in (text, "Nothing else.", "No more.")], tmp_path)
    assert (word_scores([question], tmp_path)(0) > 0).tolist() == [True, False, False]
