"""Arms are ranked on the questions that were graded for all of them."""

from runner.comparison import Comparison
from runner.comparison.compare import compare
from runner.comparison.headline import headline
from runner.comparison.ranking import ranked_alike
from runner.comparison.tracked import Tracked
from tests.comparison.given import trained, untrained

FEW = {"size": "1x", "labels": "30"}
HARD, EASY = "-" * 2, "+" * 28  # of thirty questions an arm has two wrong


def made(*tuned: Tracked) -> Comparison:
    """These arms beside an untuned model that knows nothing."""
    return compare([untrained("base", "-" * 30), *tuned])


def arm(identity: str, grades: str, few: bool = False) -> Tracked:
    """An arm with these grades; as tracked, it counts those that are missing."""
    settings = FEW if few else {"labels": "150"}
    return trained(identity, grades, settings=settings, metrics={"ungraded": float(grades.count("?"))})


def test_an_arm_with_few_graded_answers_does_not_stand_above_one_that_was_graded_whole() -> None:
    # Right on all eight that were graded, among them the questions that the other arm has wrong or right.
    whole, part = arm("1", EASY + HARD), arm("2", "?" * 22 + "+" * 8, few=True)
    comparison = made(whole, part)
    assert {each.name: each.ranked_by for each in comparison.arms} == {"base": (0, 8), "fact 5x": (6 / 8, 8), "fact 1x": (1, 8)}
    equal = made(whole, arm("2", "+" * 8 + "?" * 22, few=True))
    assert {each.name: each.ranked_by for each in equal.arms} == {"base": (0, 8), "fact 5x": (1, 8), "fact 1x": (1, 8)}
    # Both are right on all eight. The one whose other answers were graded too comes first, though it has more labels.
    assert equal.best
    assert equal.best.name == "fact 5x"


def test_what_was_not_graded_is_named_with_the_questions_that_arms_are_ranked_on() -> None:
    comparison = made(arm("1", EASY + HARD), arm("2", "+" * 8 + "?" * 22, few=True))
    assert (
        "Answers that were not graded: 22 of fact 1x. They count neither as right nor as wrong. Arms are ranked by their "
        "accuracy on the 8 of 30 questions graded for every arm." in comparison.notes
    )
    assert any("on the questions that were graded for every arm" in part.sentence for part in headline(comparison).advice)


def test_where_every_answer_was_graded_arms_are_ranked_by_their_accuracy() -> None:
    comparison = made(arm("1", EASY + HARD), arm("2", "+" * 30, few=True))
    assert [each.ranked_by for each in comparison.arms] == [None] * 3
    assert not any("graded for every arm" in text for text in [*comparison.notes, *(part.sentence for part in comparison.advice)])


def test_a_question_counts_where_every_training_was_graded() -> None:
    comparison = compare([untrained("base", "---"), trained("1", "++-", "+?-")])
    assert {each.name: each.ranked_by for each in comparison.arms} == {"base": (0, 2), "fact 5x": (0.5, 2)}


def test_where_no_question_was_graded_for_all_arms_they_keep_their_own_accuracies() -> None:
    comparison = made(arm("1", "+" * 15 + "?" * 15), arm("2", "?" * 15 + "+" * 15, few=True))
    assert [each.ranked_by for each in comparison.arms] == [None] * 3
    assert any(
        note.endswith("No question was graded for every arm, so arms are ranked by different questions.")
        for note in comparison.notes
    )


def test_an_arm_that_did_not_finish_or_was_not_graded_takes_no_question_from_the_others() -> None:
    comparison = made(arm("1", EASY + HARD), arm("2", "?" * 30, few=True))
    assert [each.ranked_by for each in comparison.arms] == [None] * 3
    assert "Answers that were not graded: 30 of fact 1x. They count neither as right nor as wrong." in comparison.notes
    assert ranked_alike([], []) == []
