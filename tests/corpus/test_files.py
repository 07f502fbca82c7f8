"""Files of a folder are told apart."""

from runner.corpus.files import document_files, some


def test_files_are_told_apart_in_the_order_of_their_names(tmp_path):
    for name in ("b/cup.md", "a.txt", "cup.png", ".git/notes.md", "__MACOSX/._cup.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "linked").symlink_to(tmp_path / "b")
    files = document_files(tmp_path)
    kinds = (files.read, files.unread, files.hidden, files.linked)
    names = [[str(path.relative_to(tmp_path)) for path in kind] for kind in kinds]
    assert names == [["a.txt", "b/cup.md"], ["cup.png"], [".git/notes.md", "__MACOSX/._cup.md"], ["linked"]]


def test_the_first_names_are_listed_with_the_number_of_the_others():
    assert some(["a", "b"]) == "a, b"
    assert some([*"abcdefg"]) == "a, b, c, d, e and 2 more"
