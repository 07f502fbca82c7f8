"""Accuracy and practice are drawn round by round, beside the arms without rounds."""

from dataclasses import replace

from runner.comparison import Comparison
from runner.comparison.rounds import by_round, rounds, words
from tests.comparison.given import empty, small, tuned

TABLE = [
    {"training": training, "round": number, "labels": 30 + 20 * number + training, "accuracy": accuracy, "practice": practice}
    for training, number, accuracy, practice in (
        (1, 0, 0.4, 0.3),
        (1, 1, 0.5, 0.5),
        (3, 0, 0.6, 0.5),
        (3, 1, None, 0.7),
        (3, 2, 0.8, 0.9),
    )
]


def with_rounds() -> Comparison:
    """A comparison in which one arm has rounds."""
    return replace(
        small(), arms=[*small().arms, replace(tuned("fact", "1x", 0.8), name="fact 1x rounds", rounds=by_round(TABLE))]
    )


def test_a_round_is_the_mean_of_the_trainings_that_have_it() -> None:
    assert [(each["labels"], round(each["accuracy"], 3), each["practice"]) for each in by_round(TABLE)] == [
        (32, 0.5, 0.4),
        (51, 0.5, 0.5),
        (73, 0.8, 0.9),
    ]
    assert by_round([]) == []


def test_the_chart_has_a_point_for_each_round_and_the_arms_without_rounds() -> None:
    chart = rounds(with_rounds())
    assert chart is not None
    rows = [row for dataset in chart.to_dict()["datasets"].values() for row in dataset]
    assert [(row["of"], row["labels"]) for row in rows if row["arm"] == "fact 1x rounds"] == [
        (of, labels) for labels in (32, 51, 73) for of in ("exam", "practice")
    ]
    assert {row["arm"] for row in rows} == {"fact 1x", "fact 5x", "token 1x", "token 5x", "fact 1x rounds"}


def test_the_words_tell_the_numbers_of_each_round() -> None:
    assert "fact 1x rounds 50.0% with 32 labels (practice 40.0%), 50.0% with 51 labels" in words(with_rounds())
    assert "Without rounds: fact 1x 41.0% with" in words(with_rounds())


def test_without_rounds_there_is_no_chart() -> None:
    assert rounds(small()) is None
    assert rounds(empty()) is None
