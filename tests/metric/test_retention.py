"""Retention counts what of the general questions was kept, lost and gained, as the mean over trainings."""

from dataclasses import replace

import pytest

from runner.data.records import Outcome
from runner.metric.retention import RetentionMetric
from runner.statistics import interval
from tests.given import grades, question

EXAM = [question("exam")]
GENERAL = [question(name, category="general") for name in "abcd"]
Verdicts = list[bool | None]


def measured(
    before: Verdicts, *after: Verdicts, perplexity_before: float | None = None, perplexity_after: tuple[float, ...] = ()
) -> dict[str, float]:
    """The numbers of these verdicts on the general questions."""
    return RetentionMetric(error=0.05).measure(
        Outcome(
            questions=tuple(EXAM),
            grades=(grades(EXAM, True),),
            before=grades(GENERAL, *before) if before else (),
            after=tuple(grades(GENERAL, *verdicts) for verdicts in after),
            perplexity_before=perplexity_before,
            perplexity_after=perplexity_after,
        )
    )


def counts(numbers: dict[str, float]) -> tuple[float, ...]:
    return tuple(numbers[f"retention/{name}"] for name in ("known", "kept", "lost", "gained"))


def test_what_was_known_is_kept_or_lost_and_the_rest_may_be_gained() -> None:
    assert counts(measured([True, True, False, False], [True, False, True, False])) == (2, 0.5, 1, 1)


def test_accuracy_before_and_after_has_its_interval() -> None:
    numbers = measured([True, True, True, False], [True, False, False, False])
    for name, verdicts in (("before", [True, True, True, False]), ("after", [True, False, False, False])):
        found = interval(verdicts, list("abcd"), 0.05)
        assert found
        told = [numbers[f"retention/{name}{end}"] for end in ("", "_low", "_high")]
        assert told == [found.estimate, found.low, found.high]


def test_where_nothing_was_known_nothing_is_lost_and_no_share_is_kept() -> None:
    numbers = measured([False] * 4, [False, True, False, False])
    assert [numbers[f"retention/{name}"] for name in ("known", "lost", "gained")] == [0, 0, 1]
    assert "retention/kept" not in numbers


def test_everything_forgotten_keeps_nothing() -> None:
    assert counts(measured([True] * 4, [False] * 4)) == (4, 0, 4, 0)


def test_of_several_trainings_the_mean_is_told() -> None:
    numbers = measured([True, True, False, False], [True, False, True, False], [True, True, False, False])
    assert counts(numbers) == (2, 0.75, 0.5, 0.5)
    assert numbers["retention/after"] == 0.5


@pytest.mark.parametrize("trainings", range(1, 12))
def test_what_every_training_kept_is_kept_whole(trainings: int) -> None:
    assert counts(measured([True] * 4, *[[True] * 4] * trainings)) == (4, 1, 0, 0)


@pytest.mark.parametrize("kept", range(11))
def test_a_share_that_a_floor_names_is_met_exactly(kept: int) -> None:
    general = [question(str(number)) for number in range(10)]
    after = grades(general, *[number < kept for number in range(10)])
    outcome = Outcome(questions=(), grades=(), before=grades(general, *[True] * 10), after=(after,))
    assert RetentionMetric(error=0.05).measure(outcome)["retention/kept"] == kept / 10


def test_several_trainings_of_one_exam_are_no_larger_exam() -> None:
    once = measured([True] * 4, [True, True, False, False])
    thrice = measured([True] * 4, *[[True, True, False, False]] * 3)
    width, other = (numbers["retention/after_high"] - numbers["retention/after_low"] for numbers in (once, thrice))
    assert other > 0.8 * width


def test_an_ungraded_answer_after_is_neither_kept_nor_lost() -> None:
    assert counts(measured([True, True, False, False], [True, None, None, False])) == (1, 1, 0, 0)


def test_an_ungraded_answer_before_is_neither_known_nor_gained() -> None:
    assert counts(measured([None, True, False, False], [True, False, False, False])) == (1, 0, 1, 0)


def test_a_training_that_was_not_graded_leaves_a_question_to_the_others() -> None:
    assert counts(measured([True] * 4, [True, True, True, None], [True, True, True, True])) == (4, 1, 0, 0)


def test_where_nothing_was_graded_after_nothing_is_said_of_what_was_kept() -> None:
    numbers = measured([True] * 4, [None] * 4)
    assert not {"retention/known", "retention/kept", "retention/after"} & numbers.keys()
    assert numbers["retention/before"] == 1


def test_of_several_kinds_each_has_what_was_known_and_the_share_that_is_kept() -> None:
    kinds = ("knowledge", "knowledge", "knowledge", "passages", "instructions")
    general = tuple(replace(question(name), kind=kind) for name, kind in zip("abcde", kinds, strict=True))
    before = grades(general, True, True, True, True, False)
    after = (grades(general, True, False, None, True, True), grades(general, False, False, None, True, True))
    outcome = Outcome(questions=(), grades=(), before=before, after=after, general=general)
    numbers = RetentionMetric(error=0.05).measure(outcome)
    assert {name: value for name, value in numbers.items() if name.count("/") == 2} == {
        "retention/known/knowledge": 2,
        "retention/kept/knowledge": 0.25,
        "retention/known/passages": 1,
        "retention/kept/passages": 1,
        "retention/known/instructions": 0,
    }
    assert counts(numbers) == (3, 0.5, 1.5, 1)


def test_questions_without_a_kind_are_counted_together_alone() -> None:
    outcome = Outcome(questions=(), grades=(), before=grades(GENERAL, *[True] * 4), after=(grades(GENERAL, *[True] * 4),))
    numbers = RetentionMetric(error=0.05).measure(replace(outcome, general=tuple(GENERAL)))
    assert numbers == RetentionMetric(error=0.05).measure(outcome)


def test_where_nothing_was_asked_there_is_nothing_to_tell() -> None:
    assert measured([]) == {}


def test_an_untuned_arm_has_nothing_to_tell() -> None:
    assert measured([True] * 4) == {}


def test_the_perplexity_of_a_page_needs_no_questions() -> None:
    numbers = measured([], perplexity_before=12.0, perplexity_after=(14.0,))
    assert numbers == {"retention/perplexity_before": 12, "retention/perplexity_after": 14}


def test_the_perplexity_after_is_the_mean_over_trainings() -> None:
    assert measured([], perplexity_before=12.0, perplexity_after=(14.0, 16.0))["retention/perplexity_after"] == 15


def test_without_a_page_there_is_no_perplexity() -> None:
    assert not [name for name in measured([True] * 4, [True] * 4) if "perplexity" in name]
