"""A row of a table becomes a question of the section that it names."""

import pytest

from runner.corpus.references import SectionIndex
from runner.corpus.rows import LabelRow, PlacedExamRow, doubts, exam_origin, exam_question
from runner.data.tables import TableLine
from runner.errors import Fault
from tests.given import section

FINAL = section()
KNOWN = SectionIndex([FINAL], {})


def row(**more: object) -> TableLine[PlacedExamRow]:
    """A row of an exam, at its place."""
    return TableLine("docs/exam.jsonl:1", PlacedExamRow.model_validate({"question": "Who won?", "answer": "Ada", **more}))


def test_a_question_without_a_category_has_that_of_its_section() -> None:
    assert exam_question(row(section=FINAL.id), KNOWN).category == "cup"
    assert exam_question(row(section=FINAL.id, category="own"), KNOWN).category == "own"
    assert exam_question(row(), KNOWN).category == "uncategorised"


def test_a_further_column_is_kept_and_one_like_a_known_name_is_refused() -> None:
    assert exam_question(row(author="Eve"), KNOWN).extra == {"author": "Eve"}
    with pytest.raises(Fault, match="looks like 'category'"):
        row(catgory="cup")


@pytest.mark.parametrize("name", ["filter", "reason", "detail"])
def test_a_label_has_no_column_that_the_table_of_dropped_labels_needs_and_a_question_may_have_one(name: str) -> None:
    assert exam_question(row(**{name: "own"}), KNOWN).extra == {name: "own"}
    with pytest.raises(Fault, match=f"the column '{name}' has a name that the results need"):
        LabelRow.model_validate({"question": "Who won?", "answer": "Ada", name: "own"})


def test_a_row_says_who_wrote_it_and_may_have_a_column_called_original() -> None:
    written = row(origin="written by m", original="Ada")
    assert exam_question(written, KNOWN).extra == {"original": "Ada"}
    assert exam_origin([written, row()]) == "written by m (1 of 2 questions)"


def test_a_note_names_the_file_without_its_folder() -> None:
    lines = [row(section=FINAL.id, answer="Bob")]
    (note,) = doubts(lines, (), KNOWN, (exam_question(lines[0], KNOWN),), (FINAL,))
    assert note.startswith("1 of 1 answers stand nowhere in their section: exam.jsonl:1 ('Bob')")


def test_a_question_about_a_withdrawn_fact_may_name_a_section_that_is_gone() -> None:
    gone = row(section="cup.md#Semi-final", category="cup", fact="Bob won.", edition="withdrawn")
    question = exam_question(gone, KNOWN)
    assert (question.section, question.category, question.fact) == ("", "cup", "Bob won.")
    assert list(doubts([gone], (), KNOWN, (question,), (FINAL,))) == []


def test_a_misspelt_edition_is_refused() -> None:
    with pytest.raises(ValueError, match="Expected one of old, changed, new, withdrawn"):
        row(edition="withdrwan")
