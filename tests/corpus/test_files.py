"""Files of a folder are told apart."""

import os

from runner.corpus.files import document_files, documents_home, some


def test_files_are_told_apart_in_the_order_of_their_names(tmp_path):
    for name in ("b/cup.md", "a.txt", "cup.png", ".git/notes.md", "__MACOSX/._cup.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "linked").symlink_to(tmp_path / "b")
    files = document_files(tmp_path)
    kinds = (files.read, files.unread, files.hidden, files.linked)
    names = [[str(path.relative_to(tmp_path)) for path in kind] for kind in kinds]
    assert names == [["a.txt", "b/cup.md"], ["cup.png"], [".git/notes.md", "__MACOSX/._cup.md"], ["linked"]]


def test_a_folder_that_can_not_be_read_is_told(tmp_path, monkeypatch):
    (tmp_path / "closed").mkdir()
    scandir = os.scandir

    def refused(path):
        if str(path).endswith("closed"):  # as for a user without permission; root may read everything
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refused)
    files = document_files(tmp_path)
    assert [*files.notes(tmp_path)] == ["folders that can't be read (check their permissions): closed"]
    assert [*files.remarks(tmp_path)] == [("not read", "closed: a folder without permission")]


def test_without_a_folder_of_documents_the_whole_folder_is_read_but_for_what_is_no_document(tmp_path):
    beside = ("exam.csv", "labels.csv", "recorded/a.txt", "exams/x/exam.csv", "mlruns/1/a.txt")
    for name in ("cup.md", "uart/exam.csv", "uart/recorded/a.txt", *beside):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).touch()
    assert documents_home(tmp_path) == tmp_path
    read = {path.relative_to(tmp_path).as_posix() for path in document_files(tmp_path).read}
    assert read == {"cup.md", "uart/exam.csv", "uart/recorded/a.txt"}
    (tmp_path / "documents").mkdir()
    assert document_files(tmp_path).read == ()


def test_the_first_names_are_listed_with_the_number_of_the_others():
    assert some(["a", "b"]) == "a, b"
    assert some([*"abcdefg"]) == "a, b, c, d, e and 2 more"
