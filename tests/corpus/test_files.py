"""Files of a folder are told apart."""

import json
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
    beside = ("exam.csv", "labels.csv", "recorded/a.txt", "recorded/fact.jsonl", "mlruns/1/a.txt")
    for name in ("cup.md", "uart/exam.csv", "uart/recorded/a.txt", *beside):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).touch()
    assert documents_home(tmp_path) == tmp_path
    read = {path.relative_to(tmp_path).as_posix() for path in document_files(tmp_path).read}
    assert read == {"cup.md", "uart/exam.csv", "uart/recorded/a.txt"}
    (tmp_path / "documents").mkdir()
    assert document_files(tmp_path).read == ()


def test_folders_that_this_program_wrote_are_no_documents_and_are_told(tmp_path):
    written = {
        "out/labels.json": {"labels": 1, "forms": ["datasets"], "digest": "d"},
        "models/seed-1/tuning.json": {"tuning": "t", "of": "smollm2"},
        "exams/cup-1/origin.json": {"origin": "written by a model", "sha256": "s"},
    }
    for name, mark in written.items():
        folder = (tmp_path / name).parent
        (folder / "datasets").mkdir(parents=True)
        (folder / "datasets" / "README.md").write_text("# A card")
        (tmp_path / name).write_text(json.dumps(mark))
    (tmp_path / "cup.md").touch()
    files = document_files(tmp_path)
    assert files.read == (tmp_path / "cup.md",)
    (note,) = files.notes(tmp_path)
    assert note.endswith("not read as documents: exams/cup-1, models/seed-1, out")
    assert {name for _, name in files.remarks(tmp_path)} == {
        f"{name}: a folder with output of this program" for name in ("exams/cup-1", "models/seed-1", "out")
    }


def test_a_persons_own_folders_of_such_names_are_read(tmp_path):
    names = ("exams/final.md", "recorded/talk.md", "labels/labels.md", "exams/2026/final.md")
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "exams/2026/origin.json").write_text("[]")
    (tmp_path / "recorded/tuning.json").write_text("{")
    files = document_files(tmp_path)
    assert {path.relative_to(tmp_path).as_posix() for path in files.read} == {*names}
    assert files.output == ()


def test_the_first_names_are_listed_with_the_number_of_the_others():
    assert some(["a", "b"]) == "a, b"
    assert some([*"abcdefg"]) == "a, b, c, d, e and 2 more"
