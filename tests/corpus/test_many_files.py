"""Files are read in processes where they are many, in their order, and once."""

import pytest

from runner.corpus import many_files
from runner.corpus.many_files import kept_in, read_files
from runner.corpus.reading import ReadingRules, read_file
from runner.store.readings import KeptReadings

RULES = ReadingRules(longest=100, strict=False)


@pytest.fixture
def root(tmp_path, monkeypatch):
    (tmp_path / "documents").mkdir()
    monkeypatch.setattr(many_files, "FEW", 5)
    monkeypatch.setattr(many_files, "CHUNK", 4)
    return tmp_path


@pytest.fixture
def sent(monkeypatch):
    """The files that processes were asked for."""
    read, names = many_files.ReadingProcess.read, []

    def noted(self, files):
        names.extend(file.name for file in files)
        return read(self, files)

    monkeypatch.setattr(many_files.ReadingProcess, "read", noted)
    return names


def written(root, *names):
    files = [root / "documents" / name for name in names]
    for file in files:
        file.write_text(f"## Final\n\nAda won {file.stem}.\n")
    return files


def test_few_short_files_are_read_here(root, sent):
    files = written(root, "a.md", "b.txt")
    assert list(read_files(files, root, RULES)) == [read_file(file, root, RULES) for file in files]
    assert sent == []


def test_many_files_are_read_in_their_order_and_found_again(root, sent):
    files = [*written(root, *(f"{number}.md" for number in range(10)), "module.sv"), root / "documents" / "gone.md"]
    readings = [read_file(file, root, RULES) for file in files]
    with kept_in(KeptReadings(root / "readings")):
        assert list(read_files(files, root, RULES)) == readings
        assert sorted(sent) == sorted(file.name for file in files)
        sent.clear()
        files[3].write_text("## Final\n\nBea won.\n")
        again = list(read_files(files, root, RULES))
    # What has a fault may be mended outside of the file: an extra is installed.
    assert sent == ["3.md", "gone.md"]
    assert [reading.fault for reading in again] == [reading.fault for reading in readings]
    assert again[3].sectioning.sections[0].text == "Bea won."
    assert again[:3] + again[4:] == readings[:3] + readings[4:]


def test_what_was_read_before_an_interruption_is_kept(root, sent):
    files = written(root, *(f"{number}.md" for number in range(10)))
    with kept_in(KeptReadings(root / "readings")):
        reading = read_files(files, root, RULES)
        next(reading)
        with pytest.raises(KeyboardInterrupt):
            reading.throw(KeyboardInterrupt)
        sent.clear()
        list(read_files(files, root, RULES))
    assert "0.md" not in sent
