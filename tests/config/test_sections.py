"""A corpus is read once, kept, and read again only where its files changed."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from runner.config import sections
from runner.config.sections import keep_corpus, read_corpus
from runner.corpus.folder import Folder
from runner.data.records import Material, digest
from runner.errors import Fault
from runner.store.local import LocalStore
from tests.given import question


@pytest.fixture(autouse=True)
def another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was read in this process yet."""
    monkeypatch.setattr(sections, "_read", {})


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The paths of the folders that were read."""
    read, paths = Folder.read, list[str]()

    def counted(self: Folder) -> Material:
        paths.append(self.path)
        return read(self)

    monkeypatch.setattr(Folder, "read", counted)
    yield paths


@pytest.fixture
def corpus(tmp_path: Path) -> Folder:
    root = tmp_path / "corpus"
    (root / "documents").mkdir(parents=True)
    (root / "documents" / "cup.md").write_text("# Cup\n\nAda won.\n")
    (root / "exam.jsonl").write_text(json.dumps({"question": "Who won?", "answer": "Ada"}) + "\n")
    return Folder(path=str(root))


def test_a_process_reads_a_corpus_once(tmp_path: Path, corpus: Folder, reads: list[str]) -> None:
    store = LocalStore(tmp_path / "store")
    assert read_corpus(corpus, store) is read_corpus(corpus, store)
    assert len(reads) == 1


def test_the_next_process_finds_what_was_read_to_the_same_hash(
    tmp_path: Path, corpus: Folder, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = LocalStore(tmp_path / "store")
    first = read_corpus(corpus, store)
    keep_corpus(corpus, store)
    monkeypatch.setattr(sections, "_read", {})
    assert read_corpus(corpus, store) == first
    assert len(reads) == 1


@pytest.mark.parametrize("file", ["documents/cup.md", "exam.jsonl"])
def test_a_changed_file_is_read_again(tmp_path: Path, corpus: Folder, reads: list[str], file: str) -> None:
    store = LocalStore(tmp_path / "store")
    before = read_corpus(corpus, store)
    path = Path(corpus.path) / file
    path.write_text(path.read_text().replace("Ada", "Bob"))
    assert read_corpus(corpus, store) != before
    assert len(reads) == 2


def test_reading_alone_keeps_nothing(tmp_path: Path, corpus: Folder) -> None:
    read_corpus(corpus, LocalStore(tmp_path / "store"))
    assert not (tmp_path / "store").exists()


def test_a_corpus_that_can_not_be_used_is_not_kept(tmp_path: Path, corpus: Folder) -> None:
    (Path(corpus.path) / "exam.jsonl").write_text("no question\n")
    for _ in range(2):
        with pytest.raises(Fault, match="not JSON"):
            read_corpus(corpus, LocalStore(tmp_path / "store"))


def test_a_corpus_without_a_state_is_read_each_time(tmp_path: Path) -> None:
    class Fresh:
        name, count = "fresh", 0

        def read(self) -> Material:
            self.count += 1
            return Material(sections=(), questions=())

    fresh = Fresh()
    for _ in range(2):
        read_corpus(fresh, LocalStore(tmp_path / "store"))
    assert fresh.count == 2


def test_a_note_is_told_by_every_process_and_is_in_no_hash(
    tmp_path: Path, corpus: Folder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    store, without = LocalStore(tmp_path / "store"), read_corpus(corpus, LocalStore(tmp_path / "other"))
    (Path(corpus.path) / "documents" / "later.md").write_text("# Later\n")
    keep_corpus(corpus, store)
    for _ in range(2):
        monkeypatch.setattr(sections, "_read", {})
        caplog.clear()
        assert digest(read_corpus(corpus, store)) == digest(without)
        assert "corpus: documents without text: later.md" in caplog.text
        assert read_corpus(corpus, store).remarks == (("not read", "later.md: without text"),)


def test_a_corpus_that_gives_one_id_to_two_questions_is_refused(tmp_path: Path) -> None:
    class Twice:
        name = "twice"

        def read(self) -> Material:
            return Material(sections=(), questions=(question("q"), question("q")))

    with pytest.raises(Fault, match=r"Twice\.read gave 1 ids to several questions, such as 'q'"):
        read_corpus(Twice(), LocalStore(tmp_path / "store"))


def test_what_is_edited_while_it_is_read_is_not_kept_under_the_old_hash(
    tmp_path: Path, corpus: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, read = LocalStore(tmp_path / "store"), Folder.read
    document = Path(corpus.path) / "documents" / "cup.md"
    before = document.read_text()
    edits = iter(["# Cup\n\nAda won in 1999.\n"])

    def edited(self: Folder) -> Material:
        document.write_text(next(edits, document.read_text()))
        return read(self)

    monkeypatch.setattr(Folder, "read", edited)
    keep_corpus(corpus, store)
    assert "1999" in read_corpus(corpus, store).sections[0].text
    monkeypatch.setattr(sections, "_read", {})
    document.write_text(before)
    assert "1999" not in read_corpus(corpus, store).sections[0].text


def test_a_corpus_that_changes_at_each_read_is_refused(tmp_path: Path, corpus: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    read, words = Folder.read, iter(range(100))

    def edited(self: Folder) -> Material:
        (Path(corpus.path) / "documents" / "cup.md").write_text("word " * (1 + next(words)))
        return read(self)

    monkeypatch.setattr(Folder, "read", edited)
    with pytest.raises(Fault, match="changed each time while they were read"):
        read_corpus(corpus, LocalStore(tmp_path / "store"))


def test_who_wrote_the_exam_is_kept_with_it(corpus: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = json.dumps({"question": "Who won?", "answer": "Ada", "origin": "written by m"})
    Path(corpus.path, "exam.jsonl").write_text(rows + "\n")
    store = LocalStore(tmp_path / "store")
    keep_corpus(corpus, store)
    monkeypatch.setattr(sections, "_read", {})
    assert read_corpus(corpus, store).exam_origin == "written by m"
