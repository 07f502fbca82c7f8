"""A file gives sections or a reason, and a key that changes with all that decides them."""

from dataclasses import replace

import pytest

from runner.corpus.readers import markdown
from runner.corpus.reading import READING, FileReading, ReadingRules, read_file, reading_key

RULES = ReadingRules(longest=100, strict=False)


@pytest.fixture
def file(tmp_path):
    home = tmp_path / "documents"
    home.mkdir()
    (home / "cup.md").write_text("## Final\n\nAda won.\n")
    return home / "cup.md"


def test_a_reading_is_the_same_after_a_way_through_json(file):
    reading = read_file(file, file.parents[1], RULES)
    assert [section.text for section in reading.sectioning.sections] == ["Ada won."]
    assert reading.sectioning.sections[0].place == "line 1"
    again = READING.validate_json(READING.dump_json(reading))
    assert (again, again.sectioning.sections[0].place) == (reading, "line 1")


def test_an_error_of_a_reader_is_a_fault_of_its_file(file, monkeypatch):
    def broken(file, home):
        raise KeyError("tables")

    monkeypatch.setattr(markdown, "read", broken)
    fault = read_file(file, file.parents[1], RULES).fault
    assert "cup.md can't be read: the reader markdown failed with KeyError('tables')" in fault


def test_a_key_stays_where_nothing_changes(file, tmp_path):
    key = reading_key(file, file.parent, RULES)
    assert reading_key(file, file.parent, replace(RULES, strict=True)) == key
    moved = file.parents[1].rename(tmp_path.with_name(f"{tmp_path.name}-moved")) / "documents"
    assert reading_key(moved / "cup.md", moved, RULES) == key


@pytest.mark.parametrize("rules", [replace(RULES, longest=99), replace(RULES, category="2")])
def test_a_key_changes_with_the_rules(file, rules):
    assert reading_key(file, file.parent, rules) != reading_key(file, file.parent, RULES)


def test_a_key_changes_with_bytes_and_name(file):
    keys = {reading_key(file, file.parent, RULES)}
    file.write_text("## Final\n\nBea won the cup.\n")
    keys.add(reading_key(file, file.parent, RULES))
    keys.add(reading_key(file.rename(file.with_name("bowl.md")), file.parent, RULES))
    assert len(keys) == 3


def test_a_reading_is_of_today_while_included_files_are_as_they_were(file):
    reading = FileReading(included=read_file(file, file.parents[1], RULES).included)
    assert reading.is_of_today(file.parent)
    assert not FileReading(included=(("cup.md", "another digest"),)).is_of_today(file.parent)
