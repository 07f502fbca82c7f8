"""A table on disk gives exact rankings, and of equal passages the earlier one first."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from runner.data.records import Passage
from runner.errors import Fault
from runner.retriever import lance_table
from runner.retriever.index import stems, word_scores, write_words
from runner.retriever.lance_table import LanceTable, check_lancedb, write_table

pytest.importorskip("lancedb", reason="pip install -e '.[lancedb]'")

LONG = "a_name_of_a_register_that_is_longer_than_forty_letters"
TEXTS = [
    "Clear intr_state.rx_watermark first.",
    "Регистр хранит порог.",
    "The watermark is 64 bytes.",
    "?",
    f"The café's {LONG} is 9.",
]


def passages(texts: list[str]) -> list[Passage]:
    """Passages of one section each."""
    return [Passage(section=f"uart.md#{place}", text=text, source="UART") for place, text in enumerate(texts)]


def unit(*rows: list[float]) -> np.ndarray:
    """Vectors of unit length."""
    vectors = np.array(rows, np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def table(texts: list[str], vectors: np.ndarray, folder: Path, size: int = 2) -> LanceTable:
    """A table that was written `size` passages at a time."""
    whole = passages(texts)

    def batches() -> Iterator[tuple[list[Passage], np.ndarray]]:
        for start in range(0, len(whole), size):
            yield whole[start : start + size], vectors[start : start + size]

    write_table(batches(), folder)
    return LanceTable(folder)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> LanceTable:
    """A table of five passages."""
    vectors = unit([1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 1], [1, 0, 1])
    return table(TEXTS, vectors, tmp_path_factory.mktemp("lance"))


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("What is rx_watermark in intr_state?", [0]),  # the names whole: not the watermark of another passage
        ("What is the watermark?", [2]),
        ("Какой порог хранит регистр?", [1]),
        (f"What is {LONG}?", [4]),
        ("café", [4]),
        ("cafe", []),
        ("Is it the?", []),
        ("zzz", []),
    ],
)
def test_words_are_those_of_lexical_search(small: LanceTable, tmp_path: Path, question: str, places: list[int]) -> None:
    write_words(passages(TEXTS), tmp_path)
    assert np.flatnonzero(word_scores([question], tmp_path)(0)).tolist() == places
    assert small.by_words(stems([question])[0], 9) == places


def test_the_most_similar_passages_come_first(small: LanceTable) -> None:
    assert small.by_meaning(unit([1, 0.1, 0.2], [0, 1, 0.1]), 3) == [[0, 4, 2], [1, 2, 3]]
    assert small.by_meaning(unit([0, 0, 1]), 2) == [[3, 4]]
    assert small.by_meaning(np.zeros((0, 3), np.float32), 2) == []


def test_passages_come_back_as_they_were_written(small: LanceTable) -> None:
    assert small.passages([4, 1]) == {place: passages(TEXTS)[place] for place in (1, 4)}
    assert small.passages([]) == {}


def test_of_many_equal_passages_the_earliest_come_first(tmp_path: Path) -> None:
    # 300 equal ones, more than a limited list holds, and one that is better.
    texts = ["a FIFO"] * 150 + ["FIFO FIFO"] + ["a FIFO"] * 150
    vectors = unit(*[[1, 1]] * 150, [1, 0], *[[1, 1]] * 150)
    equal = table(texts, vectors, tmp_path, size=16)
    expected = [150, 0, 1, 2]
    assert equal.by_words(["fifo"], 4) == expected
    assert equal.by_meaning(unit([1, 0], [1, 0]), 4) == [expected, expected]


def test_a_ranking_of_random_vectors_is_exact(tmp_path: Path) -> None:
    vectors = unit(*np.random.default_rng(0).standard_normal((500, 8)).tolist())
    found = table(["text"] * 500, vectors, tmp_path, size=100).by_meaning(vectors[:20], 10)
    assert found == np.argsort(-(vectors[:20] @ vectors.T), axis=1, kind="stable")[:, :10].tolist()


@pytest.mark.parametrize("texts", [[], ["?"]])
def test_nothing_to_search_for_is_found_by_no_word(texts: list[str], tmp_path: Path) -> None:
    empty = table(texts, unit(*[[1, 0]] * len(texts)) if texts else np.zeros((0, 2)), tmp_path)
    assert empty.by_words(["fifo"], 3) == []
    assert empty.by_meaning(unit([1, 0]), 3) == [list(range(len(texts)))]


def test_a_missing_package_is_told_with_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    check_lancedb()
    monkeypatch.setattr(lance_table.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Fault, match=r"pip install -e '\.\[lancedb\]'"):
        check_lancedb()
