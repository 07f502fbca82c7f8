"""Records of estimates."""

from runner.statistics import About, Difference


def test_a_difference_is_about_the_models_that_were_compared_unless_it_says_otherwise() -> None:
    difference = Difference(estimate=0.1, low=0.0, high=0.2, p=0.05, detectable=None)
    assert (difference.about, str(difference.about), difference.lacking, difference.trainings) == (
        About.MODELS,
        "models",
        None,
        None,
    )
