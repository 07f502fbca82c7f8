"""What would decide the pairs that are not decided."""

from dataclasses import replace

import pytest

from runner.comparison import Spread
from runner.comparison.advice import advice
from runner.statistics import About, Interval
from tests.comparison.given import baseline, difference, pair, retention
from tests.comparison.test_advice import BASE, BEATS, LARGE, MIDDLE, RAG, made, sentences, undecided

BASIS = (
    "planned as by power=true, from the arms of this report, for 1 training, an error of 5%, four of five cases; this exam has "
    "50 facts (100 questions)"
)
FEWER = "To decide more, ask about more facts, or compare fewer arms: p is corrected for their number."


def test_as_many_questions_are_asked_for_as_would_show_a_difference_of_the_margin() -> None:
    advised = advice(made([BASE, RAG, LARGE], [*BEATS, undecided("rag", -0.04, 0.12)]))[-1]
    assert advised.sentence == "To tell rag from fact 10x by 5 points (margin=5), ask about 860 facts (1,700 questions)."
    assert advised.because == [
        "rag: 4.0 points apart, at most 54.0 points; a difference of 12.0 points would be seen in four of five cases",
        BASIS,
    ]


@pytest.mark.parametrize(
    ("accuracy", "sentence"),
    [
        (
            0.0,
            "No arm answers a question of this exam right, so it tells none apart. Tune a larger model, or ask easier questions.",
        ),
        (1.0, "Every arm answers all questions of this exam right, so it tells none apart. Ask harder questions."),
    ],
)
def test_where_all_arms_are_right_nowhere_or_everywhere_no_margin_is_advised(accuracy: float, sentence: str) -> None:
    arms = [replace(arm, accuracy=Interval(estimate=accuracy, low=accuracy, high=accuracy)) for arm in (BASE, RAG, LARGE)]
    pairs = [undecided("base", 0.0, 0.12), undecided("rag", 0.0, 0.12)]
    advised = advice(made(arms, pairs))[-1]
    assert advised.sentence == sentence
    assert len(advised.because) == 3
    lucky = [replace(BASE, accuracy=Interval(estimate=0.01, low=0.0, high=0.1)), *arms[1:]]
    assert advice(made(lucky, pairs))[-1].sentence != sentence


@pytest.mark.parametrize("gap", [0.0, 0.01, 0.3])
def test_the_number_of_questions_does_not_follow_from_the_difference_that_chance_made(gap: float) -> None:
    assert "about 860 facts" in sentences([BASE, RAG, LARGE], [*BEATS, undecided("rag", gap, 0.12)])[-1]


def test_a_smaller_margin_needs_more_questions_and_a_larger_one_none() -> None:
    comparison = made([BASE, RAG, LARGE], [*BEATS, undecided("rag", 0.35, 0.12)])
    assert "about 5,300 facts" in advice(replace(comparison, margin=0.02))[-1].sentence
    assert advice(replace(comparison, margin=0.3))[-1].sentence == FEWER


def test_arms_are_called_close_only_where_the_whole_interval_is_within_the_margin() -> None:
    near = replace(undecided("rag", 0.01, 0.04), difference=difference(0.01, 0.035, 0.04))
    advised = advice(made([BASE, RAG, LARGE], [*BEATS, near]))[-1]
    assert advised.sentence == "It is shown that rag differs from fact 10x by at most 5 points (margin=5)."
    wider = replace(near, difference=difference(0.01, 0.045, 0.04))
    assert sentences([BASE, RAG, LARGE], [*BEATS, wider])[-1].endswith("ask about 860 facts (1,700 questions).")


def test_two_arms_without_any_difference_are_not_called_close_by_an_exam_of_few_questions() -> None:
    pairs = [*BEATS, replace(undecided("rag", 0.0, None), difference=difference(0.0, 0.4, None))]
    advised = advice(made([BASE, RAG, LARGE], pairs))[-1]
    assert advised.sentence.endswith("ask about 860 facts (1,700 questions).")
    assert advised.because == [
        "rag: 0.0 points apart, at most 40.0 points; an exam like this one sees no difference, however large",
        BASIS,
    ]


def test_the_pair_that_needs_most_questions_is_the_one_that_counts() -> None:
    harder = undecided("rag dense", -0.08, 0.12)
    harder = replace(harder, difference=replace(harder.difference, error=0.025))
    pairs = [*BEATS, undecided("rag", 0.06, 0.1), harder]
    advised = advice(made([BASE, RAG, baseline("rag dense", 0.6), LARGE], pairs))[-1]
    assert advised.sentence.startswith("To tell rag dense from fact 10x by 5 points (margin=5), ask about ")
    assert len(advised.because) == 3
    assert "for 1 training, an error of 2.5%, four of five cases" in advised.because[2]


def test_more_trainings_are_asked_for_where_they_leave_more_open_than_the_exam() -> None:
    arm = replace(LARGE, seeds=(0.5, 0.6, 0.6, 0.7), spread=Spread(training=0.082, exam=0.04))
    advised = advice(made([BASE, RAG, arm], [*BEATS, undecided("rag", -0.04, 0.12)]))[-1]
    assert advised.sentence == "To decide more, train more often: seeds=8. Training is a larger source of doubt than the exam."
    assert advised.because == [
        "fact 10x: standard deviation 8.2 points between trainings, so 4.1 points for their mean; 4.0 points between exams"
    ]


def test_more_questions_are_asked_for_where_the_exam_leaves_more_open_than_training() -> None:
    arm = replace(LARGE, seeds=(0.5, 0.6, 0.6, 0.7), spread=Spread(training=0.078, exam=0.04))
    assert sentences([BASE, RAG, arm], [*BEATS, undecided("rag", -0.04, 0.12)])[-1].startswith(
        "To tell rag from fact 10x by 5 points (margin=5), ask about 2,"
    )


@pytest.mark.parametrize(
    ("about", "detectable", "told"),
    [(About.METHODS, 0.47, True), (About.METHODS, None, True), (About.METHODS, 0.3, False), (About.MODELS, 0.47, False)],
)
def test_an_interval_that_is_narrow_by_chance_beside_the_detectable_difference_is_explained(
    about: About, detectable: float | None, told: bool
) -> None:
    wide = undecided("rag", -0.16, detectable)
    wide = replace(wide, difference=replace(difference(-0.16, 0.208, detectable), about=about))
    reason = advice(made([BASE, RAG, LARGE], [*BEATS, wide]))[-1].because[0]
    assert ("with so few of them most intervals are wider than this one" in reason) == told


def test_where_all_is_decided_nothing_more_is_asked_for() -> None:
    arm = replace(LARGE, seeds=(0.5, 0.7), spread=Spread(training=0.2, exam=0.04))
    assert not [each for each in sentences([BASE, RAG, arm], [*BEATS, pair("rag", "fact 10x", 0.2)]) if "To decide" in each]


def test_a_pair_with_an_arm_that_can_not_be_taken_needs_no_deciding() -> None:
    forgot = replace(MIDDLE, retention=retention(0.3, lost=40))
    assert not [
        each for each in sentences([BASE, forgot, LARGE], [*BEATS, pair("fact 5x", "fact 10x", 0.05)]) if "decide" in each
    ]


def test_an_exam_of_too_few_facts_is_told_with_the_number_that_a_verdict_needs() -> None:
    few = undecided("rag", 0.3, None)
    few = replace(few, difference=replace(few.difference, facts=4, lacking=8))
    reason, _ = advice(made([BASE, RAG, LARGE], [*BEATS, few]))[-1].because
    assert reason.endswith("; the exam has 4 facts, and a verdict needs at least 8")
