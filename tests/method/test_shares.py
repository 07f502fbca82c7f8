"""Shares of earlier replies are taken on, and their spread covers what the rest of a corpus has."""

import random

import pytest

from runner.method.shares import UNKNOWN, Share, spread


def test_fractions_are_carried_over_so_that_the_total_is_right() -> None:
    share = Share(0.25)
    assert [share.take(1) for _ in range(8)] == [0, 1, 0, 0, 0, 1, 0, 0]
    share.learn(10, 20)
    assert share.take(0) == 0
    assert sum(share.take(1) for _ in range(10)) == 20


@pytest.mark.parametrize("replies", [0, 2])
def test_with_few_replies_nothing_is_known_of_the_spread(replies: int) -> None:
    share = Share(0.5)
    for _ in range(replies):
        share.learn(10, 5)
    assert spread(share) is UNKNOWN


def test_replies_that_are_alike_leave_a_small_spread_and_those_that_differ_a_large_one() -> None:
    alike, different = Share(1.0), Share(1.0)
    for place in range(10):
        alike.learn(100, 50)
        different.learn(100, 10 + 80 * (place % 2))
    assert (spread(alike).low, spread(alike).high, spread(alike).replies) == (pytest.approx(0.9), pytest.approx(1.1), 10)
    assert spread(different, alike).low == 0.5 < 1.5 < spread(different, alike).high


def test_of_a_hundred_samples_few_have_a_spread_without_the_share_of_all() -> None:
    chance, misses = random.Random(3), 0
    sections = [(words, chance.randint(0, words // 8)) for words in (chance.randint(20, 800) for _ in range(900))]
    whole = sum(facts for _, facts in sections) / sum(words for words, _ in sections)
    for _ in range(100):
        share, sample = Share(1.0), chance.sample(sections, 10)
        for words, facts in sample:
            share.learn(words, facts)
        measured = sum(facts for _, facts in sample) / sum(words for words, _ in sample)
        misses += not spread(share).low <= whole / measured <= spread(share).high
    assert misses <= 8
