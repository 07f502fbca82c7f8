"""Arms on the same questions, paired: who is compared with whom, p by family, verdicts, budgets, and what is left out."""

from collections.abc import Sequence

import numpy as np
import pytest

from runner.comparison import ArmPair, Comparison
from runner.comparison.compare import compare
from runner.comparison.tracked import Tracked
from runner.statistics import About, Verdict
from tests.comparison.given import trained, untrained

RIGHT, WRONG = "+" * 10, "-" * 10
SIZES = ("1x", "5x", "10x")
ALL = 2 / 2**10  # p where ten facts of ten turn


def sized(*grades: str, **more: str) -> list[Tracked]:
    """Tuned arms of growing size with these grades."""
    return [trained(size, letters, settings={"size": size}, **more) for size, letters in zip(SIZES, grades, strict=False)]


def whole(comparison: Comparison) -> list[ArmPair]:
    return [pair for pair in comparison.pairs if not pair.category]


def between(pairs: Sequence[ArmPair]) -> list[tuple[str, str]]:
    return [(pair.first, pair.second) for pair in pairs]


def only(*arms: Tracked) -> ArmPair:
    (pair,) = compare(arms).pairs
    return pair


def test_every_tuned_arm_is_compared_with_each_baseline_and_each_other_tuned_arm() -> None:
    arms = [untrained("base", WRONG), untrained("rag", RIGHT), *sized(WRONG, RIGHT, RIGHT)]
    assert between(compare(arms).pairs) == [
        *(("base", f"fact {size}") for size in SIZES),
        *(("rag", f"fact {size}") for size in SIZES),
        ("fact 1x", "fact 5x"),
        ("fact 1x", "fact 10x"),
        ("fact 5x", "fact 10x"),
        ("base", "rag"),
    ]


def test_baselines_are_compared_with_each_other_and_p_is_corrected_among_them() -> None:
    searched = [untrained("rag", RIGHT, {"retriever": name}) for name in ("dense", "lexical")]
    pairs = compare([untrained("base", WRONG), *searched]).pairs
    assert [(pair.first, pair.verdict) for pair in pairs] == [
        ("base", Verdict.BETTER),
        ("base", Verdict.BETTER),
        ("rag retriever=dense", Verdict.UNDECIDED),
    ]
    assert pairs[0].p == pytest.approx(3 * ALL)


def test_a_pair_says_how_far_the_second_is_ahead_on_the_same_questions() -> None:
    pair = only(untrained("base", "--++"), trained("1", "++-+"))
    assert (pair.first, pair.second, pair.difference.estimate) == ("base", "fact 5x", 0.25)


@pytest.mark.parametrize(("base", "tuned", "verdict"), [(WRONG, RIGHT, Verdict.BETTER), (RIGHT, WRONG, Verdict.WORSE)])
def test_a_difference_that_chance_does_not_bring_is_decided(base: str, tuned: str, verdict: Verdict) -> None:
    pair = only(untrained("base", base), trained("1", tuned))
    assert (pair.verdict, pair.p) == (verdict, pytest.approx(ALL))


def test_arms_that_answer_alike_are_not_decided() -> None:
    pair = only(untrained("base", "+-+-"), trained("1", "+-+-"))
    assert (pair.difference.estimate, pair.p, pair.verdict) == (0, 1, Verdict.UNDECIDED)


@pytest.mark.parametrize("grades", [RIGHT, WRONG])
def test_arms_that_are_right_or_wrong_everywhere_are_not_decided_and_their_interval_is_not_of_no_width(grades: str) -> None:
    pair = only(untrained("base", grades), trained("1", grades))
    assert (pair.verdict, pair.difference.low < -0.05, pair.difference.high > 0.05) == (Verdict.UNDECIDED, True, True)


def test_p_is_corrected_for_the_number_of_tuned_arms_beside_a_baseline() -> None:
    pairs = whole(compare([untrained("base", WRONG), untrained("rag", WRONG), *sized(RIGHT, RIGHT, RIGHT)]))
    assert [pair.p for pair in pairs if pair.second.startswith("fact")][:6] == pytest.approx([3 * ALL] * 6)


def test_p_between_tuned_arms_is_corrected_for_their_pairs_apart_from_the_baselines() -> None:
    pairs = whole(compare([untrained("base", WRONG), *sized(WRONG, RIGHT, RIGHT)]))
    assert {pair.first + pair.second: pair.p for pair in pairs if pair.first != "base"} == {
        "fact 1xfact 5x": pytest.approx(3 * ALL),
        "fact 1xfact 10x": pytest.approx(3 * ALL),
        "fact 5xfact 10x": 1,
    }


def test_a_difference_that_is_decided_alone_may_not_be_among_several() -> None:
    base, six = untrained("base", "-" * 6), "+" * 6
    assert [pair.verdict for pair in whole(compare([base, *sized(six)]))] == [Verdict.BETTER]
    crowded = whole(compare([base, *sized(six, six, six)]))
    assert {pair.verdict for pair in crowded if pair.first == "base"} == {Verdict.UNDECIDED}


def test_p_by_category_is_corrected_for_the_categories_too_and_leaves_that_over_all_questions_as_it_is() -> None:
    letters = "a" * 10 + "b" * 10
    base, tuned = untrained("base", WRONG * 2, categories=letters), sized(RIGHT * 2, RIGHT * 2, categories=letters)
    pairs = [pair for pair in compare([base, *tuned]).pairs if pair.first == "base"]
    assert [(pair.category, pair.p) for pair in pairs] == [
        *[("", pytest.approx(2 * 2 / 2**20))] * 2,
        *[("a", pytest.approx(4 * ALL)), ("b", pytest.approx(4 * ALL))] * 2,
    ]


def test_where_there_is_one_category_there_are_no_pairs_by_category() -> None:
    assert {pair.category for pair in compare([untrained("base", WRONG), *sized(RIGHT, WRONG)]).pairs} == {""}


def test_a_category_of_one_question_is_compared_and_never_decided() -> None:
    base, tuned = untrained("base", WRONG, categories="a" * 9 + "b"), trained("1", RIGHT, categories="a" * 9 + "b")
    pair = compare([base, tuned]).pair("base", "fact 5x", "b")
    assert pair
    assert (pair.difference.estimate, pair.p, pair.verdict) == (1, 1, Verdict.UNDECIDED)


def test_on_one_fact_nothing_is_decided_however_many_questions_ask_for_it() -> None:
    pair = only(untrained("base", WRONG, facts="a" * 10), trained("1", RIGHT, facts="a" * 10))
    assert (pair.difference.estimate, pair.p, pair.verdict, pair.difference.detectable) == (1, 1, Verdict.UNDECIDED, None)


def test_without_named_facts_every_question_is_a_fact_of_its_own() -> None:
    pair = only(untrained("base", WRONG, facts=" " * 10), trained("1", RIGHT, facts=" " * 10))
    assert pair.p == pytest.approx(ALL)


def test_a_question_that_is_ungraded_in_one_arm_is_left_out_of_the_pair() -> None:
    pair = only(untrained("base", "-" * 8 + "?+"), trained("1", "+" * 8 + "-?"))
    assert (pair.difference.estimate, pair.p) == (1, pytest.approx(2 / 2**8))


def test_arms_without_a_question_graded_in_both_are_no_pair() -> None:
    assert compare([untrained("base", "+?"), trained("1", "?+")]).pairs == []


def test_an_arm_that_did_not_finish_is_in_no_pair() -> None:
    failed = trained("2", status="FAILED", settings={"size": "1x"})
    assert between(compare([untrained("base", WRONG), trained("1", RIGHT), failed]).pairs) == [("base", "fact 5x")]


def test_arms_with_different_numbers_of_trainings_are_compared_by_the_shares_that_passed() -> None:
    pair = only(trained("1", "++--", "+---"), trained("2", "++++", "++++", "+++-", settings={"size": "10x"}))
    assert pair.difference.estimate == pytest.approx((0 + 1 / 2 + 1 + 2 / 3) / 4)


def test_one_lucky_training_of_three_decides_nothing_about_a_method() -> None:
    pair = only(untrained("base", "-" * 30), trained("1", "+" * 30, "-" * 30, "-" * 30))
    assert (pair.difference.estimate, pair.verdict) == (pytest.approx(1 / 3), Verdict.UNDECIDED)
    assert pair.difference.low < 0 < 0.9 < pair.difference.high


def test_trainings_that_agree_decide_about_the_method_and_a_single_one_about_its_model() -> None:
    several, single = (only(untrained("base", WRONG * 2), trained("1", *[RIGHT * 2] * number)) for number in (3, 1))
    assert (several.verdict, several.difference.about) == (Verdict.BETTER, About.METHODS)
    assert (single.verdict, single.difference.about) == (Verdict.BETTER, About.MODELS)


def test_a_single_training_is_told_how_many_would_decide_by_the_spread_of_others() -> None:
    base, single = untrained("base", "-" * 60), trained("1", "+" * 4 + "-" * 56)
    assert only(base, single).difference.trainings is None
    repeated = trained("2", "+" * 33 + "-" * 27, "+" * 30 + "-" * 30, "+" * 27 + "-" * 33, settings={"size": "10x"})
    pair = compare([base, single, repeated]).pair("base", "fact 5x")
    assert pair
    assert (pair.difference.about, pair.difference.trainings) == (About.MODELS, None)


def test_a_pair_says_over_what_its_p_is_corrected() -> None:
    letters = "a" * 10 + "b" * 10
    arms = [untrained("base", WRONG * 2, categories=letters), *sized(*[RIGHT * 2] * 3, categories=letters)]
    pairs = compare(arms).pairs
    assert [(pair.family, pair.tests) for pair in (pairs[0], pairs[-1])] == [
        ("3 comparisons of tuned arms with base", 3),
        ("6 comparisons between tuned arms, by category", 6),
    ]


def test_a_pair_on_too_few_facts_is_not_decided_and_does_not_count_among_the_tests() -> None:
    letters = "a" * 12 + "b" * 5
    base, tuned = untrained("base", "-" * 17, categories=letters), trained("1", "+" * 17, categories=letters)
    large, small = (compare([base, tuned]).pair("base", "fact 5x", category) for category in "ab")
    assert large
    assert small
    assert (large.p, large.tests, large.verdict) == (pytest.approx(2 / 2**12), 1, Verdict.BETTER)
    assert (small.p, small.verdict, small.difference.facts, small.difference.lacking) == (1, Verdict.UNDECIDED, 5, 6)
    assert small.difference.low == 0


@pytest.mark.parametrize("seed", range(4))
def test_verdict_corrected_p_and_printed_interval_of_every_pair_agree(seed: int) -> None:
    random = np.random.default_rng(seed)

    def letters(share: float) -> str:
        return "".join("+" if draw < share else "-" for draw in random.random(36))

    facts = "".join(chr(65 + place // 2) for place in range(36))
    sweep = [untrained("base", letters(0.2), facts=facts, categories="ab" * 18)]
    sweep += sized(*(letters(share) for share in (0.3, 0.5, 0.7)), facts=facts, categories="ab" * 18)
    verdicts = set()
    for pair in compare(sweep).pairs:
        excluded = {Verdict.BETTER: pair.difference.low > 0, Verdict.WORSE: pair.difference.high < 0}
        assert excluded.get(pair.verdict, pair.difference.low <= 0 <= pair.difference.high)
        assert (pair.p <= 0.05) == (pair.verdict != Verdict.UNDECIDED)
        verdicts.add(pair.verdict)
    assert len(verdicts) > 1


@pytest.mark.parametrize(
    ("other", "matched"),
    [
        ({}, ("labels", "label tokens", "steps")),
        ({"labels": "151", "label_tokens": "3060"}, ("label tokens", "steps")),
        ({"label_tokens": "3070", "steps": "41"}, ("labels",)),
        ({"labels": "1", "label_tokens": "1", "steps": "1"}, ()),
    ],
)
def test_a_pair_tells_in_which_budgets_its_arms_are_matched(other: dict[str, str], matched: tuple[str, ...]) -> None:
    assert only(trained("1", RIGHT), trained("2", WRONG, settings={"method": "token", **other})).matched == matched


def test_a_pair_with_a_baseline_is_matched_in_nothing() -> None:
    assert only(untrained("base", WRONG), trained("1", RIGHT)).matched == ()
