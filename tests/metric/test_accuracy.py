"""Accuracy is passed over graded, overall and per category, with its intervals, and what its uncertainty comes from."""

from dataclasses import replace

import pytest

from runner.component import identity
from runner.data.records import Outcome, Question
from runner.errors import Fault
from runner.metric.accuracy import Accuracy
from runner.statistics import Interval, exam_error, interval
from tests.given import grades, question

QUESTIONS = [question("a", category="one"), question("b", category="one"), question("c", category="two")]
FACTS = [question(f"{fact}{number}", fact=f"fact {fact}") for fact in "abcd" for number in range(3)]


def measured(
    *trainings: list[bool | None], questions: list[Question] = QUESTIONS, near: frozenset[str] = frozenset(), error: float = 0.05
) -> dict[str, float]:
    """The numbers of these trainings' verdicts, each in the order of the questions."""
    sat = tuple(grades(questions, *verdicts) for verdicts in trainings)
    return Accuracy(error=error).measure(Outcome(questions=tuple(questions), grades=sat, near=near))


def bounds(value: Interval | None) -> tuple[float, float, float]:
    assert value
    return value.estimate, value.low, value.high


def with_bounds(numbers: dict[str, float], name: str = "accuracy", suffix: str = "") -> tuple[float, float, float]:
    return numbers[f"{name}{suffix}"], numbers[f"{name}_low{suffix}"], numbers[f"{name}_high{suffix}"]


def test_accuracy_is_the_share_that_passed_overall_and_by_category() -> None:
    numbers = measured([True, False, True])
    assert numbers["accuracy"] == pytest.approx(2 / 3)
    assert (numbers["accuracy/one"], numbers["accuracy/two"]) == (0.5, 1)


def test_questions_are_counted_overall_and_by_category() -> None:
    numbers = measured([True, False, True])
    assert (numbers["questions"], numbers["questions/one"], numbers["questions/two"]) == (3, 2, 1)


def test_every_accuracy_stands_within_its_interval() -> None:
    numbers = measured([True, False, True])
    for suffix in ("", "/one", "/two"):
        accuracy, low, high = with_bounds(numbers, suffix=suffix)
        assert 0 <= low <= accuracy <= high <= 1
        assert low < high


def test_one_question_says_next_to_nothing_about_its_category() -> None:
    accuracy, low, high = with_bounds(measured([False, False, True]), suffix="/two")
    assert (accuracy, high) == (1, 1)
    assert low < 0.2


def test_one_category_has_the_numbers_of_the_whole() -> None:
    numbers = measured([True, False, True, True], questions=[question(name) for name in "abcd"])
    assert with_bounds(numbers, suffix="/cup") == with_bounds(numbers)
    assert {name for name in numbers if "/" in name} == {
        "accuracy/cup",
        "accuracy_low/cup",
        "accuracy_high/cup",
        "questions/cup",
        "spread/exam",
    }


def test_all_right_reaches_up_to_1_and_allows_for_less() -> None:
    accuracy, low, high = with_bounds(measured([True, True, True]))
    assert (accuracy, high) == (1, 1)
    assert low < 0.9


def test_all_wrong_reaches_down_to_0_and_allows_for_more() -> None:
    accuracy, low, high = with_bounds(measured([False, False, False]))
    assert (accuracy, low) == (0, 0)
    assert high > 0.1


def test_a_smaller_error_makes_a_wider_interval() -> None:
    _, low, high = with_bounds(measured([True, False, True], error=0.01))
    _, tight, loose = with_bounds(measured([True, False, True], error=0.2))
    assert low < tight < loose < high


def test_questions_of_one_fact_count_together_in_the_interval() -> None:
    verdicts = [number < 6 for number in range(12)]
    by_fact = with_bounds(measured(verdicts, questions=FACTS))
    alone = with_bounds(measured(verdicts, questions=[question(name.id) for name in FACTS]))
    assert by_fact[0] == alone[0]
    assert by_fact[1] < alone[1] < alone[2] < by_fact[2]


def test_without_facts_each_question_stands_for_its_own() -> None:
    verdicts = [True, False, True]
    assert with_bounds(measured(verdicts)) == bounds(interval(verdicts, ["a", "b", "c"], 0.05))


def test_an_ungraded_answer_is_neither_pass_nor_fail() -> None:
    numbers = measured([True, None, False])
    assert (numbers["accuracy"], numbers["accuracy/one"], numbers["ungraded"]) == (0.5, 1, 1)


def test_where_everything_was_graded_nothing_is_said_of_ungraded_answers() -> None:
    assert "ungraded" not in measured([True, False, False])


def test_a_category_that_is_ungraded_has_no_accuracy() -> None:
    numbers = measured([True, True, None])
    assert "accuracy/two" not in numbers
    assert numbers["questions/two"] == 1


@pytest.mark.parametrize("trainings", [1, 2])
def test_where_nothing_was_graded_there_is_no_accuracy_and_no_spread(trainings: int) -> None:
    numbers = measured(*[[None, None, None]] * trainings)
    assert numbers == {"questions": 3, "questions/one": 2, "questions/two": 1, "ungraded": 3 * trainings}


def test_the_order_of_the_grades_does_not_count() -> None:
    sat = tuple(reversed(grades(QUESTIONS, True, True, False)))
    numbers = Accuracy(error=0.05).measure(Outcome(questions=tuple(QUESTIONS), grades=(sat,)))
    assert (numbers["accuracy/one"], numbers["accuracy/two"]) == (1, 0)


def test_accuracy_is_that_of_all_trainings_together() -> None:
    numbers = measured([True, False, True], [True, True, True], [False, False, True])
    assert numbers["accuracy"] == pytest.approx(6 / 9)
    assert numbers["accuracy/one"] == 0.5
    assert numbers["questions"] == 3


def test_the_spread_between_trainings_is_the_standard_deviation_of_their_accuracies() -> None:
    numbers = measured([True, True, True], [False, False, False])
    assert numbers["spread/training"] == pytest.approx(0.5**0.5)


def test_trainings_that_agree_in_their_accuracy_have_no_spread() -> None:
    assert measured([True, False, False], [False, False, True])["spread/training"] == 0


def test_one_training_has_no_spread_between_trainings() -> None:
    assert "spread/training" not in measured([True, False, True])


def test_a_training_that_was_not_graded_at_all_leaves_no_spread_between_trainings() -> None:
    assert "spread/training" not in measured([True, False, True], [None, None, None])


def test_a_training_that_repeats_the_verdicts_adds_no_certainty() -> None:
    once, thrice = measured([True, False, True]), measured(*[[True, False, True]] * 3)
    (_, low, high), (_, first, last) = with_bounds(once), with_bounds(thrice)
    assert last - first > 0.8 * (high - low)
    assert thrice["spread/exam"] == pytest.approx(once["spread/exam"])


def test_the_spread_of_the_exam_is_its_standard_error_over_facts() -> None:
    verdicts = [number % 2 == 0 or number < 6 for number in range(12)]
    assert measured(verdicts, questions=FACTS)["spread/exam"] == exam_error(verdicts, [asked.cluster for asked in FACTS])


def test_an_exam_of_one_fact_tells_nothing_of_another_exam() -> None:
    assert "spread/exam" not in measured([True, False, True], questions=FACTS[:3])


def test_questions_near_to_a_label_are_counted_and_left_out_of_an_accuracy_of_its_own() -> None:
    numbers = measured([True, False, False], near=frozenset({"a"}))
    assert (numbers["near"], numbers["accuracy_without_near"]) == (1, 0)
    assert numbers["accuracy"] == pytest.approx(1 / 3)
    assert with_bounds(numbers, "accuracy_without_near") == bounds(interval([False, False], ["b", "c"], 0.05))


def test_where_no_question_is_near_the_accuracy_stands_alone() -> None:
    assert not {"near", "accuracy_without_near"} & measured([True, False, False]).keys()


def test_where_every_question_is_near_there_is_no_accuracy_without_them() -> None:
    numbers = measured([True, False, False], near=frozenset("abc"))
    assert numbers["near"] == 3
    assert "accuracy_without_near" not in numbers


def test_accuracy_is_reported_by_a_further_column_and_a_column_that_nobody_has_is_refused() -> None:
    levels = [{"difficulty": "hard"}, {"difficulty": "hard"}, {}]
    questions = [replace(asked, extra=extra) for asked, extra in zip(QUESTIONS, levels, strict=True)]
    metric = Accuracy(error=0.05, by=("difficulty",))
    numbers = metric.measure(Outcome(questions=tuple(questions), grades=(grades(questions, True, False, True),)))
    assert (numbers["accuracy/difficulty/hard"], numbers["questions/difficulty/hard"]) == (0.5, 2)
    assert [name for name in numbers if "/difficulty/" in name and not name.endswith("/hard")] == []
    metric.check(questions)
    with pytest.raises(Fault, match=r"by names dificulty; further columns of the exam: difficulty"):
        Accuracy(error=0.05, by=("dificulty",)).check(questions)


def test_an_accuracy_by_nothing_is_found_under_the_key_that_it_had() -> None:
    assert "by" not in identity(Accuracy(error=0.05))
    assert identity(Accuracy(error=0.05, by=("author",)))["by"] == ["author"]


def test_a_former_answer_to_a_withdrawn_question_is_stale_and_no_part_of_the_accuracy() -> None:
    gone = (question("x"), question("y"))
    outcome = Outcome(
        questions=tuple(QUESTIONS),
        grades=(grades(QUESTIONS, True, True, True),),
        withdrawn=Outcome(questions=gone, grades=(grades(gone, True, False), grades(gone, False, False))),
    )
    numbers = Accuracy(error=0.05).measure(outcome)
    assert (numbers["accuracy"], numbers["stale"], numbers["withdrawn"], numbers["questions"]) == (1, 0.25, 2, 3)
    assert numbers["stale_low"] < 0.25 < numbers["stale_high"]
    assert not any("stale" in name or "withdrawn" in name for name in measured([True, True, True]))


def test_accuracy_by_edition_needs_no_naming() -> None:
    asked = [replace(each, extra={"edition": edition}) for each, edition in zip(QUESTIONS, ("old", "old", "new"), strict=True)]
    numbers = measured([True, False, True], questions=asked)
    assert (numbers["accuracy/edition/old"], numbers["accuracy/edition/new"]) == (0.5, 1)
