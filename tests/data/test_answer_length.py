"""The mean length of answers, in words."""

from runner.data.answer_length import mean_words


def test_words_are_counted_without_thinking_and_an_empty_answer_counts() -> None:
    assert mean_words(["It is 75 ohms.", "<think>Let me see, it may be two.</think>Two", ""]) == (4 + 1 + 0) / 3
    assert mean_words([]) is None
