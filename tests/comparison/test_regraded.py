"""What grading by match would change is counted by arm, and pairs are judged again by it."""

from dataclasses import replace

import pytest

from runner.comparison import Regraded
from runner.comparison.compare import compare
from runner.comparison.tracked import Tracked
from tests.comparison.given import GRADES, trained, untrained


def judged(tracked: Tracked, by_match: str, by_judge: str = "") -> Tracked:
    """An arm with the verdicts of match beside its own; the judge gave those that are marked with j, or all."""
    who = by_judge or "j" * len(by_match)
    rows = [
        {**row, "match_grade": GRADES[grade], "graded_by": "judge" if letter == "j" else "match"}
        for row, grade, letter in zip(tracked.answers, by_match, who, strict=True)
    ]
    return replace(tracked, answers=rows)


def made(*arms: Tracked) -> Regraded:
    """What the comparison of these arms says of match."""
    found = compare(list(arms)).regraded
    assert found
    return found


def test_changes_are_counted_by_arm_and_ungraded_answers_do_not_count():
    found = made(judged(untrained("base", "+-?+"), "--++"), judged(trained("a", "++++"), "++++"))
    assert (found.answers, found.changed, found.failed, found.passed) == (7, 1, {"base": 1}, {})
    found = made(judged(untrained("base", "----"), "++--"), judged(trained("a", "++--"), "-+-+"))
    assert (found.failed, found.passed) == ({"fact 5x": 1}, {"base": 2, "fact 5x": 1})


def test_a_pair_that_match_decides_otherwise_is_named_with_both_verdicts():
    alike, better = "-" * 30, "+" * 30
    found = made(judged(untrained("base", alike), alike), judged(trained("a", better), alike))
    assert [(pair.first, pair.second, pair.verdict, verdict) for pair, verdict in found.pairs] == [
        ("base", "fact 5x", "better", "not decided")
    ]
    found = made(judged(untrained("base", alike), alike), judged(trained("a", better), better[:-1] + "-"))
    assert found.pairs == []


def test_categories_do_not_change_what_is_said_of_a_pair():
    alike, better, categories = "-" * 30, "+" * 30, "ab" * 15
    base = judged(untrained("base", alike, categories=categories), alike)
    found = made(base, judged(trained("a", better, categories=categories), alike))
    assert [pair.category for pair, _ in found.pairs] == [""]
    # By match the arm is better in one category only, and still better over all questions.
    assert made(base, judged(trained("a", better, categories=categories), "+-" * 15)).pairs == []


def test_arms_that_no_judge_graded_have_nothing_to_change():
    assert compare([untrained("base", "+-"), trained("a", "++")]).regraded is None


@pytest.mark.parametrize(
    ("verdicts", "by_match", "by_judge", "same"),
    [
        ("+" * 30, "+" * 20 + "-" * 10, "", "pass"),
        ("-" * 30, "+" * 20 + "-" * 10, "", "fail"),
        ("+" * 29 + "-", "-" * 30, "", ""),  # it can tell
        ("-" * 30, "-" * 28 + "++", "", ""),  # match says nearly the same
        ("+" * 10, "-" * 10, "", ""),  # too few
        ("+" * 30, "+" * 15 + "-" * 15, "m" * 15 + "j" * 15, ""),  # asked about 15
    ],
)
def test_a_judge_that_gives_one_verdict_alone_is_suspect_where_match_gives_others(verdicts, by_match, by_judge, same):
    assert made(judged(untrained("base", verdicts), by_match, by_judge)).same == same
