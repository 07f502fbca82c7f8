"""Written pairs are mixed in, also by a host."""

import math

import pytest
from pydantic import ValidationError

from runner.errors import Fault
from runner.keep.replay import Replay
from tests import given
from tests.keep.given import GENERAL, LABELS


def test_a_share_of_the_written_pairs_follows_the_labels():
    assert Replay(share=0.5).examples(LABELS, GENERAL, ()) == [*LABELS, *GENERAL[:2]]


@pytest.mark.parametrize("share", [0, -0.1, math.inf, math.nan, "some"])
def test_a_share_that_is_no_number_above_0_is_refused(share):
    with pytest.raises(ValidationError, match="share"):
        Replay(share=share)


def test_a_hosted_tuner_can_do_it(key):
    assert given.study("model=openai", "tuner=hosted", "keep=replay").keep.general


@pytest.mark.parametrize("choice", ["replay_own", "kl", "l2", "sdft", "blend"])
def test_no_other_remedy_can_be_done_by_a_host(choice, key):
    with pytest.raises(Fault, match=rf"^keep={choice}: it needs the weights on this machine.*Choose keep=replay or keep=none"):
        given.study("model=openai", "tuner=hosted", f"keep={choice}")


def test_the_former_setting_says_what_to_write_instead():
    with pytest.raises(Fault, match=r"tuner\.replay: this setting has moved\. Write keep=replay keep\.share=0\.2"):
        given.study("+tuner.replay=0.2")
