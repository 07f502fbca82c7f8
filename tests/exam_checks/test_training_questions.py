"""Training questions are asked again if their answers contain a reference answer of the exam, spread evenly."""

import pytest

from runner.data.text import normal
from runner.exam_checks import training_questions
from runner.exam_checks.training_questions import repeated
from tests.given import label, question

FINAL, GROUP = "cup.md#Final", "cup.md#Group"
EXAM = [
    question("won", answer="Ada", section=FINAL),
    question("city", answer="Bergen", section=FINAL),
    question("score", answer="3-1", section=GROUP),
]


def test_a_label_whose_answer_holds_a_reference_of_its_section_is_asked_again() -> None:
    (found,) = repeated([label("Who took it?", answer="It was Ada who won.")], EXAM, 10)
    assert (found.question, found.answer, found.aliases) == ("Who took it?", "It was Ada who won.", ("Ada",))


def test_it_keeps_the_labels_category_section_and_fact() -> None:
    (found,) = repeated([label(answer="Ada.", category="final", section=FINAL, fact="Ada won.")], EXAM, 10)
    assert (found.category, found.section, found.cluster) == ("final", FINAL, "Ada won.")


def test_case_articles_and_marks_do_not_count() -> None:
    exam = [question(answer="the Elm's Cup", section=FINAL)]
    assert len(repeated([label(answer="It was ELMS CUP, they said.")], exam, 10)) == 1


@pytest.mark.parametrize("answer", ["Bob.", "Adam won.", "Nobody knows."])
def test_an_answer_without_a_whole_reference_is_not_asked_again(answer: str) -> None:
    assert repeated([label(answer=answer)], EXAM, 10) == []


def test_a_question_that_gives_the_reference_away_is_not_asked_again() -> None:
    assert repeated([label("What did Ada do?", answer="Ada won.")], EXAM, 10) == []


def test_a_question_that_gives_one_reference_away_is_asked_for_another() -> None:
    (found,) = repeated([label("Where did Ada win?", answer="Ada won in Bergen.")], EXAM, 10)
    assert found.aliases == ("Bergen",)


def test_the_longest_of_several_references_is_looked_for() -> None:
    (found,) = repeated([label(answer="Ada, in Bergen.")], EXAM, 10)
    assert found.aliases == ("Bergen",)


def test_a_reference_of_another_section_does_not_count() -> None:
    assert repeated([label(answer="It ended 3-1.", section=FINAL)], EXAM, 10) == []
    assert len(repeated([label(answer="It ended 3-1.", section=GROUP)], EXAM, 10)) == 1


def test_a_label_or_a_question_without_a_section_fits_any() -> None:
    assert len(repeated([label(answer="It ended 3-1.", section="")], EXAM, 10)) == 1
    assert len(repeated([label(answer="It ended 3-1.")], [question(answer="3-1")], 10)) == 1


@pytest.mark.parametrize(("most", "asked"), [(0, []), (1, [0]), (2, [0, 5]), (3, [0, 3, 6]), (4, [0, 2, 5, 7])])
def test_so_many_are_asked_evenly_from_first_to_last(most: int, asked: list[int]) -> None:
    labels = [label(f"Who won match {number}?", answer="Ada.") for number in range(10)]
    assert [one.question for one in repeated(labels, EXAM, most)] == [labels[place].question for place in asked]


@pytest.mark.parametrize("most", [10, 60])
def test_where_there_are_no_more_all_are_asked_once(most: int) -> None:
    labels = [label(f"Who won match {number}?", answer="Ada.") for number in range(10)]
    assert [one.question for one in repeated(labels, EXAM, most)] == [one.question for one in labels]


def test_every_question_has_a_name_of_its_own() -> None:
    found = repeated([label(answer="Ada.")] * 4, EXAM, 3)
    assert [one.id for one in found] == ["label-1", "label-2", "label-3"]


@pytest.mark.parametrize("most", [0, 60])
def test_without_labels_there_is_nothing_to_ask(most: int) -> None:
    assert repeated([], EXAM, most) == []


def test_the_exam_is_put_in_normal_form_once_however_many_labels_there_are(monkeypatch) -> None:
    read = list[str]()
    monkeypatch.setattr(training_questions, "normal", lambda text: read.append(text) or normal(text))
    labels = [label(f"Who took it in {number}?", answer=f"Ada took {number}.", section="") for number in range(40)]
    assert len(repeated(labels, EXAM, 10)) == 10
    assert len(read) <= 2 * len(labels) + len(EXAM)
