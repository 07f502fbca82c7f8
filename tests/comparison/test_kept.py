"""Arms that differ in their remedy alone are compared on the general questions that the untuned model knew."""

from dataclasses import replace
from typing import Any

import pytest

from runner.comparison import Arm
from runner.comparison.kept import kept_pairs
from runner.statistics import Verdict
from tests.comparison.given import baseline, sheet, trained, tuned, untrained


def general(before: str, *after: str) -> list[dict[str, Any]]:
    """The table of general questions: the untuned model's grades, and those of each training."""
    untuned = {row["id"]: row["grade"] for row in sheet(before)}
    return [{**row, "grade_before": untuned[row["id"]]} for row in sheet(*after)]


def arm(keep: str, **settings: str) -> Arm:
    return replace(tuned("fact", "5x", 0.5), name=keep, parameters={"size": "5x", "keep": keep, **settings})


def test_only_known_questions_count_and_more_kept_is_better() -> None:
    # Of 30 questions 20 are known: the first arm keeps 5, the second 18, and what it gained beyond does not count.
    before = "+" * 20 + "-" * 10
    few, many = general(before, "+" * 5 + "-" * 25), general(before, "+" * 18 + "--" + "+" * 10)
    (pair,) = kept_pairs([arm("none"), arm("kl")], [trained("1", "+", general=few), trained("5", "+", general=many)], 0.05)
    assert (pair.first, pair.second, pair.category) == ("none", "kl", "")
    assert pair.difference.estimate == pytest.approx(13 / 20)
    assert pair.verdict == Verdict.BETTER
    assert pair.family == "1 comparison of what arms with different remedies kept"


def test_arms_of_several_trainings_are_compared_by_their_means() -> None:
    one, other = general("+" * 12, "+" * 12, "+" * 6 + "-" * 6), general("+" * 12, "+" * 3 + "-" * 9, "+" * 3 + "-" * 9)
    (pair,) = kept_pairs([arm("none"), arm("kl")], [trained("1", "+", general=one), trained("5", "+", general=other)], 0.05)
    assert pair.difference.estimate == pytest.approx(3 / 12 - 9 / 12)


def test_baselines_and_arms_without_general_questions_are_compared_with_nothing() -> None:
    asked = trained("1", "+", general=general("++", "+-"))
    unknown = trained("2", "+", general=general("--", "+-"))
    arms = [baseline("base", 0.1), arm("none"), arm("kl")]
    assert kept_pairs(arms, [untrained("base", "+"), asked, trained("5", "+")], 0.05) == []
    assert kept_pairs([arm("none"), arm("kl")], [asked, unknown], 0.05) == []


def test_arms_that_differ_in_more_or_in_nothing_are_not_compared() -> None:
    asked = trained("1", "+", general=general("++", "+-"))
    assert kept_pairs([arm("none"), arm("kl", size="1x")], [asked, asked], 0.05) == []
    assert kept_pairs([arm("kl"), arm("kl")], [asked, asked], 0.05) == []
    assert kept_pairs([arm("kl"), arm("kl", **{"keep.weight": "4"})], [asked, asked], 0.05)
    assert kept_pairs([arm("none", steps="133"), arm("replay", steps="161")], [asked, asked], 0.05)
