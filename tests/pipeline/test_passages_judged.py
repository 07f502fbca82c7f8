"""A passage is on a question by the section or the fact that the exam names, and a prompt holds an answer by its words."""

from dataclasses import replace

import pytest

from runner.data.records import Answer, Passage
from runner.pipeline.passages_judged import held_answers, on_the_question, places
from runner.pipeline.results import Output, Ranking, Retrieval
from tests import given

FINAL = Passage(section="cup.md#Final", text="Ada scored four goals in the final in Moscow.")
GATE = Passage(section="cup.md#Gate", text="Cleo kept the gate closed.")


def found(*rankings: Ranking) -> Retrieval:
    """What a search found."""
    return Retrieval(rankings=Output(value=rankings))


def test_a_passage_of_the_questions_section_is_on_it() -> None:
    question = given.question(section="cup.md#Gate")
    ranking = Ranking(question=question.question, passages=(FINAL, GATE))
    assert on_the_question([question], found(ranking)) == ((False, True),)


def test_without_a_section_a_passage_that_states_the_fact_is_on_the_question() -> None:
    question = given.question(question="How many goals did Ada score?", answer="four", fact="Ada scored four goals in the final.")
    other = given.question("q2", question="Who kept the gate?", answer="Cleo", fact="Cleo kept the gate.")
    rankings = [Ranking(question=asked.question, passages=(GATE, FINAL)) for asked in (question, other)]
    assert on_the_question([question, other], found(*rankings)) == ((False, True), (True, False))


def test_a_question_with_neither_is_left_out() -> None:
    question = given.question()
    assert on_the_question([question], found(Ranking(question=question.question, passages=(FINAL,)))) == ((),)


def test_a_prompt_holds_an_answer_in_one_of_its_forms() -> None:
    questions = [
        given.question("a", answer="4"),
        given.question("b", answer="Bea", aliases=("Cleo",)),
        given.question("c", answer="Bea"),
    ]
    answers = [Answer(question=question.id, text="?", passages=(GATE, FINAL)) for question in questions]
    assert held_answers(questions, answers) == (True, True, False)


@pytest.mark.parametrize(
    ("answer", "text", "held"),
    [
        ("75 minutes", "A simulation that has not ended after 75 minutes is stopped and counted as a failure.", True),
        ("SHARE", "| Bits | Field | Access | Description |\n|---|---|---|---|\n| 7:2 | SHARE | read/write |  |", True),
        ("75 minutes", "A simulation that has not ended after 175 minutes is stopped.", False),
        ("SHARE", "The field SHARED is read-only.", False),
        ("No", "It has no limit.", False),
        ("The Who", "Ada, who won, went home.", False),
    ],
)
def test_an_answers_own_words_in_a_passage_are_enough_in_whatever_sentence(answer: str, text: str, held: bool) -> None:
    reading = Answer(question="q1", text="?", passages=(Passage(section="a.md#A", text=text),))
    assert held_answers([given.question(answer=answer)], [reading]) == (held,)


def test_an_arm_without_passages_held_nothing() -> None:
    assert held_answers([given.question()], [Answer(question="q1", text="Ada")]) == ()


def test_a_passage_is_traced_to_section_and_place() -> None:
    answer = Answer(question="q1", text="Ada", passages=(FINAL, GATE, Passage(section="gone.md#A", text="It.")))
    sections = {
        section.id: section
        for section in (replace(given.section(heading="Final"), place="line 7"), given.section(heading="Gate"))
    }
    assert places(answer, sections) == "cup.md#Final (line 7)\ncup.md#Gate\ngone.md#A"
