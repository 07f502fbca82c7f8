"""Rows of a data set become documents, and other splits its exam and labels."""

import shutil
from pathlib import Path

import datasets
import pytest
from pydantic import ValidationError

from runner.corpus.hub import Hub
from runner.errors import Fault

DOCUMENTS = {
    "body": ["# Cup\n\n## Final\n\nAda won.\n\n## Goals\n\nTwo.", "Bea lost.", " ", "Cleo came."],
    "name": ["The Cup", "hw/uart", "Empty", "hw/uart"],
    "part": ["cup", None, "cup", None],
}
QUESTIONS = {"q": ["Who won?", "Who lost?"], "a": ["Ada", "Bea"], "where": ["The Cup#Final", None]}
COLUMNS = {"text": "body", "title": "name", "category": "part"}
EXAM = {"split": "test", "columns": {"question": "q", "answer": "a", "section": "where"}}


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")


@pytest.fixture
def place(tmp_path):
    """A saved data set of two splits."""
    parts = {"train": datasets.Dataset.from_dict(DOCUMENTS), "test": datasets.Dataset.from_dict(QUESTIONS)}
    datasets.DatasetDict(parts).save_to_disk(tmp_path / "cups")
    return tmp_path / "cups"


def corpus(place: Path, **changes):
    return Hub(**{"path": str(place), "split": "train", "columns": COLUMNS, "exam": EXAM, **changes})


def test_rows_become_documents_by_their_titles(place):
    material = corpus(place).read()
    assert [(section.id, section.category, section.place) for section in material.sections] == [
        ("The Cup#Final", "cup", "row 1"),
        ("The Cup#Goals", "cup", "row 1"),
        ("hw-uart#hw/uart", "cups", "row 2"),
        ("hw-uart (2)#hw/uart", "cups", "row 4"),
    ]
    assert "1 of 4 rows hold no text" in material.notes


def test_another_split_is_the_exam_and_another_data_set_the_labels(place, tmp_path):
    datasets.Dataset.from_dict({"question": ["What of Ada?"], "answer": ["She won."]}).to_parquet(tmp_path / "labels.parquet")
    material = corpus(place, labels={"path": str(tmp_path / "labels.parquet")}).read()
    assert [(q.question, q.answer, q.section, q.category) for q in material.questions] == [
        ("Who won?", "Ada", "The Cup#Final", "cup"),
        ("Who lost?", "Bea", "", "uncategorised"),
    ]
    assert [(label.answer, label.origin) for label in material.labels] == [("She won.", "labels.parquet:1")]


def test_columns_tell_who_wrote_a_question_and_of_which_edition_its_fact_is(place, tmp_path):
    written = {**QUESTIONS, "by": ["written by gpt-5-mini", None], "of": ["withdrawn", None]}
    datasets.Dataset.from_dict(written).to_parquet(tmp_path / "exam.parquet")
    columns = {**EXAM["columns"], "origin": "by", "edition": "of"}
    material = corpus(place, exam={"path": str(tmp_path / "exam.parquet"), "columns": columns}).read()
    assert material.exam_origin == "written by gpt-5-mini (1 of 2 questions)"
    assert [question.extra.get("edition") for question in material.questions] == ["withdrawn", None]


def test_without_titles_rows_are_called_by_their_numbers(place):
    sections = corpus(place, columns={"text": "body"}).read_sections().sections
    assert [section.document for section in sections] == ["row 1", "row 1", "row 2", "row 4"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"columns": {"text": "txt"}},
            r"corpus\.columns\.text=txt: .* has no such column\. Its columns are body, name, part",
        ),
        ({"exam": {"split": "test"}}, r"corpus\.exam\.columns\.question=question: .* Its columns are q, a, where"),
        ({"split": "dev"}, "its splits are train, test"),
        ({"path": "/nowhere/cups"}, "/nowhere/cups .*: no such folder or file"),
        ({"exam": {**EXAM, "columns": {"question": "q", "answer": "where"}}}, r"\[test\]:2: answer: field required"),
    ],
)
def test_what_is_not_there_is_told_with_what_is(place, changes, words):
    with pytest.raises(Fault, match=words):
        corpus(place, **changes).read()


def test_a_misspelt_column_of_ours_is_refused(place):
    with pytest.raises(ValidationError, match=r"columns\.txt"):
        corpus(place, columns={"txt": "body"})


def test_a_column_of_numbers_is_no_text(tmp_path):
    datasets.Dataset.from_dict({"text": [1]}).save_to_disk(tmp_path / "rows")
    with pytest.raises(Fault, match=r"rows.*:1: text is 1, expected text"):
        Hub(path=str(tmp_path / "rows")).read()


def test_the_state_follows_the_values_that_are_read_and_not_the_place(place, tmp_path):
    before = corpus(place).state()
    shutil.copytree(place, tmp_path / "moved" / place.name)
    assert corpus(tmp_path / "moved" / place.name).state() == before
    parts = datasets.load_from_disk(str(place))
    changed = {**parts, "test": datasets.Dataset.from_dict({**QUESTIONS, "a": ["Ada", "Dan"]})}
    datasets.DatasetDict(changed).save_to_disk(tmp_path / "changed")
    assert corpus(tmp_path / "changed").state() != before
    assert corpus(place, columns={"text": "name"}).state() != before
    # A row without a category has the name as its category.
    shutil.copytree(place, tmp_path / "renamed")
    assert corpus(tmp_path / "renamed").state() != before
    assert {section.category for section in corpus(tmp_path / "renamed").read().sections} == {"cup", "renamed"}


def test_a_title_that_looks_like_a_numbered_one_takes_no_name_twice(tmp_path):
    datasets.Dataset.from_dict({"text": ["one", "two", "three"], "title": ["A", "A (2)", "A"]}).save_to_disk(tmp_path / "rows")
    sections = Hub(path=str(tmp_path / "rows"), columns={"title": "title"}).read_sections().sections
    assert [section.document for section in sections] == ["A", "A (2)", "A (3)"]


def test_a_lone_carriage_return_ends_a_line(tmp_path):
    datasets.Dataset.from_dict({"text": ["# A\n\nfoo\rbar\r\nend\n\n# B\n\nbaz"]}).save_to_disk(tmp_path / "rows")
    sections = Hub(path=str(tmp_path / "rows")).read_sections().sections
    assert [(section.heading, section.text) for section in sections] == [("A", "foo\nbar\nend"), ("B", "baz")]
