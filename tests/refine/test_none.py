"""Nothing follows the first tuning."""

from runner.refine import LearnsPreferences
from runner.refine.none import Unrefined


def test_nothing_is_refined_and_nothing_is_asked():
    assert (Unrefined().refines, Unrefined().samples, isinstance(Unrefined(), LearnsPreferences)) == (False, 0, False)
