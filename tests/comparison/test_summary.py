"""A sweep has the numbers of its best tuned arm and the accuracy of each baseline."""

from dataclasses import replace

from runner.comparison import Comparison
from runner.comparison.summary import summary
from tests.comparison.given import baseline, empty, tuned


def comparison(*accuracies: float) -> Comparison:
    """A sweep of two baselines and of tuned arms with these accuracies."""
    arms = [
        replace(tuned("fact", "5x", accuracy), name=f"fact {accuracy}", costs={"cost/usd": accuracy}) for accuracy in accuracies
    ]
    return replace(empty(), arms=[baseline("base", 0.1), baseline("rag", 0.7), *arms])


def test_the_numbers_are_those_of_the_best_arm_with_the_accuracy_first() -> None:
    numbers = summary(comparison(0.4, 0.6))
    assert next(iter(numbers.items())) == ("accuracy", 0.6)
    assert (numbers["accuracy_low"], numbers["cost/usd"], numbers["base"], numbers["rag"], numbers["arms"]) == (
        0.52,
        0.6,
        0.1,
        0.7,
        4,
    )
    assert round(numbers["retention/kept"], 3) == round(62 / 70, 3)


def test_without_a_tuned_arm_that_finished_there_are_baselines_alone() -> None:
    assert summary(comparison()) == {"base": 0.1, "rag": 0.7, "arms": 2}
    assert summary(empty()) == {"arms": 1}
