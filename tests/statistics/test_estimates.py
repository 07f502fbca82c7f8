"""Records of estimates."""

from dataclasses import replace

from runner.statistics import About, Difference


def test_a_difference_is_about_the_models_that_were_compared_unless_it_says_otherwise() -> None:
    difference = Difference(estimate=0.1, low=0.0, high=0.2, p=0.05, detectable=None)
    assert (difference.about, str(difference.about), difference.lacking, difference.trainings) == (
        About.MODELS,
        "models",
        None,
        None,
    )


def test_what_the_interval_excludes_is_shown_unless_the_exam_has_too_few_facts() -> None:
    difference = Difference(estimate=0.01, low=-0.04, high=0.07, p=0.5, detectable=None)
    assert [difference.loses_at_most(loss) for loss in (0.03, 0.05)] == [False, True]
    assert [difference.within(margin) for margin in (0.05, 0.08)] == [False, True]
    few = replace(difference, facts=12, lacking=52)
    assert not few.loses_at_most(0.5)
    assert not few.within(0.5)
