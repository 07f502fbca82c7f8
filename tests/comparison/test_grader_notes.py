"""Notes say in words how far a grader agrees with people, and what match would change."""

from dataclasses import replace

import pytest

from runner.comparison import Comparison, Regraded
from runner.comparison.agreement import Agreement
from runner.comparison.grader_notes import grader_notes
from runner.statistics import Interval, Verdict
from tests.comparison.given import baseline, empty, pair, tuned
from tests.comparison.test_agreement import agreeing

ARMS = [baseline("rag", 0.7), tuned("token", "1x", 0.4)]
KAPPA = Interval(estimate=0.712, low=0.5, high=0.86)


def by_match(**changes: object) -> Comparison:
    """A comparison of two arms with these changes by match."""
    usual = {"answers": 180, "failed": {}, "passed": {}, "pairs": (), "judged": 180}
    return replace(empty(), arms=ARMS, regraded=Regraded(**{**usual, **changes}))


def test_agreement_with_people_is_told_in_numbers_with_the_mistakes_of_each_kind():
    people = Agreement(graders="judge and people", questions=50, kappa=KAPPA, only_first=4, only_second=2)
    other = Agreement(graders="judge and match", questions=50, kappa=KAPPA)
    assert grader_notes(replace(empty(), agreements=[people, other])) == [
        "judge gives the verdict of people on 88.0% of 50 answers (kappa 0.71, 0.50 to 0.86). It passes 4 that people fail, and "
        "fails 2 that people pass."
    ]


TOO_FEW = "Fewer than 20 graded answers do not measure a judge, so it is not known whether it reaches the floor of 80%."
BELOW = "That is below the floor of 80% (95% interval 29.3 to 70.7), so do not rely on its grades: take another model@judge."
DOUBTED = "That is less than the floor of 80%, but of so few answers it is not certain (95% interval 48.3 to 86.4)."


@pytest.mark.parametrize(
    ("same", "answers", "words"), [(9, 19, TOO_FEW), (10, 20, BELOW), (14, 20, DOUBTED), (18, 20, "fails 0 that people pass.")]
)
def test_a_grader_below_its_floor_is_told_as_far_as_the_answers_show_it(same: int, answers: int, words: str):
    (note,) = grader_notes(replace(empty(), agreements=[agreeing(same, answers)]))
    assert note.endswith(words)


def test_without_a_kappa_the_reason_is_told():
    people = Agreement(graders="both and people", questions=9, kappa=None, only_first=4)
    (note,) = grader_notes(replace(empty(), agreements=[people]))
    assert "55.6% of 9 answers (kappa is not known, since one of the two gave all of them the same verdict)" in note


def test_each_arm_that_match_would_grade_otherwise_is_named_with_its_counts():
    (note,) = grader_notes(by_match(failed={"rag": 3}, passed={"rag": 1, "token 1x": 2}))
    assert note == (
        "By match alone 6 of 180 verdicts on answers would change: of rag 3 would fail and 1 would pass; of token 1x 0 would "
        "fail and 2 would pass. The artifact disagreements lists them. No verdict between arms would change."
    )


def test_a_verdict_between_arms_that_would_change_is_named():
    changed = [(pair("rag", "token 1x", -0.3), Verdict.UNDECIDED)]
    (note,) = grader_notes(by_match(failed={"rag": 3}, pairs=changed))
    assert note.endswith("Verdicts between arms would change: token 1x against rag from worse to not decided.")


def test_where_nothing_would_change_it_is_said_shortly():
    assert grader_notes(by_match()) == ["By match alone 0 of 180 verdicts on answers would change."]


def test_a_judge_that_seems_not_to_judge_is_told_first():
    first, _ = grader_notes(by_match(same="pass"))
    assert first.startswith("The judge gave pass to all 180 answers that it was asked about; match often does not.")


def test_without_a_judge_there_is_no_note():
    assert grader_notes(replace(empty(), arms=ARMS)) == []


def test_of_many_arms_six_are_named():
    arms = [tuned("token", "1x", 0.4)] + [replace(tuned("token", "1x", 0.4), name=f"arm {number}") for number in range(8)]
    comparison = replace(by_match(failed={arm.name: 1 for arm in arms}), arms=arms)
    (note,) = grader_notes(comparison)
    assert "arm 4 1 would fail and 0 would pass; and 3 more. The artifact" in note
