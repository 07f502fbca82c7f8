"""Every verdict has one word."""

from runner.data.verdicts import VERDICTS


def test_each_value_of_a_grade_has_a_word_of_its_own():
    assert {word: str(passed) for word, passed in VERDICTS.items()} == {"pass": "True", "fail": "False", "ungraded": "None"}
