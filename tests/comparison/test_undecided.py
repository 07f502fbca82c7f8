"""What would decide the pairs that are not decided."""

from dataclasses import replace

from runner.comparison import Spread
from runner.comparison.advice import advice
from tests.comparison.given import baseline, pair, retention
from tests.comparison.test_advice import BASE, BEATS, LARGE, MIDDLE, RAG, made, sentences, undecided


def test_more_questions_are_asked_for_by_the_square_of_what_could_be_seen_over_what_is_there() -> None:
    advised = advice(made([BASE, RAG, LARGE], [*BEATS, undecided("rag", -0.04, 0.12)]))[-1]
    assert advised.sentence == "To decide more, ask at least 900 questions instead of 100."
    assert advised.because == [
        "rag: 4.0 points apart, 12.0 points could be detected if it were the only pair, so at least 900 questions are needed"
    ]


def test_a_difference_that_would_need_too_many_questions_is_too_close() -> None:
    advised = advice(made([BASE, RAG, LARGE], [*BEATS, undecided("rag", 0.01, 0.12)]))[-1]
    assert advised.sentence == "What is not decided differs so little here that 20 times as many questions would not confirm it."
    assert advised.because == ["rag: 1.0 points apart, 12.0 points could be detected if it were the only pair"]


def test_no_difference_at_all_is_too_close() -> None:
    assert sentences([BASE, RAG, LARGE], [*BEATS, undecided("rag", 0.0, 0.12)])[-1].startswith(
        "What is not decided differs so little"
    )


def test_a_difference_that_only_the_number_of_pairs_leaves_undecided_is_not_called_too_close() -> None:
    advised = advice(made([BASE, RAG, LARGE], [*BEATS, undecided("rag", 0.15, 0.12)]))[-1]
    assert advised.sentence == "To decide more, ask about more facts, or compare fewer arms: p is corrected for their number."
    assert advised.because == ["rag: 15.0 points apart, 12.0 points could be detected if it were the only pair"]


def test_an_exam_of_too_few_facts_is_told_as_that() -> None:
    advised = advice(made([BASE, RAG, LARGE], [*BEATS, undecided("rag", 0.3, None)]))[-1]
    assert advised.sentence.startswith("To decide more, ask about more facts")
    assert advised.because == ["rag: 30.0 points apart, and the exam has too few facts to detect any difference"]


def test_as_many_questions_are_asked_for_as_decide_one_more_pair_and_each_pair_is_told_with_its_own_number() -> None:
    pairs = [*BEATS, undecided("rag dense", -0.08, 0.12), undecided("rag", 0.06, 0.12), undecided("rag hybrid", 0.01, 0.12)]
    advised = advice(made([BASE, RAG, baseline("rag dense", 0.6), baseline("rag hybrid", 0.6), LARGE], pairs))[-1]
    assert advised.sentence == "To decide more, ask at least 225 questions instead of 100."
    assert [reason.rpartition(", ")[2] for reason in advised.because] == [
        "so at least 400 questions are needed",
        "so at least 225 questions are needed",
        "12.0 points could be detected if it were the only pair",
    ]


def test_more_trainings_are_asked_for_where_they_leave_more_open_than_the_exam() -> None:
    arm = replace(LARGE, seeds=(0.5, 0.6, 0.6, 0.7), spread=Spread(training=0.082, exam=0.04))
    advised = advice(made([BASE, RAG, arm], [*BEATS, undecided("rag", -0.04, 0.12)]))[-1]
    assert advised.sentence == "To decide more, train more often: seeds=8. Training is a larger source of doubt than the exam."
    assert advised.because == [
        "fact 10x: standard deviation 8.2 points between trainings, so 4.1 points for their mean; 4.0 points between exams"
    ]


def test_more_questions_are_asked_for_where_the_exam_leaves_more_open_than_training() -> None:
    arm = replace(LARGE, seeds=(0.5, 0.6, 0.6, 0.7), spread=Spread(training=0.078, exam=0.04))
    assert sentences([BASE, RAG, arm], [*BEATS, undecided("rag", -0.04, 0.12)])[-1].startswith("To decide more, ask at least")


def test_where_all_is_decided_nothing_more_is_asked_for() -> None:
    arm = replace(LARGE, seeds=(0.5, 0.7), spread=Spread(training=0.2, exam=0.04))
    assert not [each for each in sentences([BASE, RAG, arm], [*BEATS, pair("rag", "fact 10x", 0.2)]) if "To decide" in each]


def test_a_pair_with_an_arm_that_can_not_be_taken_needs_no_deciding() -> None:
    forgot = replace(MIDDLE, retention=retention(0.3, lost=40))
    assert not [
        each for each in sentences([BASE, forgot, LARGE], [*BEATS, pair("fact 5x", "fact 10x", 0.05)]) if "decide" in each
    ]
