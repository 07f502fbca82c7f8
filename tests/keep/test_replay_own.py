"""The untuned model's own answers are mixed in where they are right and whole."""

import pytest
from pydantic import ValidationError

from runner.data.training import Supervised
from runner.keep.replay_own import ReplayOwn
from tests.keep.given import GENERAL, LABELS, OWN


def test_the_general_questions_are_asked():
    assert ReplayOwn(share=0.5).asked(LABELS, GENERAL) == GENERAL


def test_only_a_right_and_whole_answer_is_mixed_in():
    own = Supervised(GENERAL[0].prompt, "Frozen water.")
    assert ReplayOwn(share=0.25).examples(LABELS, GENERAL, OWN) == [*LABELS, own]


def test_where_fewer_are_right_than_asked_for_all_of_them_are_taken_and_that_is_said(caplog):
    own = Supervised(GENERAL[0].prompt, "Frozen water.")
    assert ReplayOwn(share=0.5).examples(LABELS, GENERAL, OWN) == [*LABELS, own]
    assert "2 answers are wanted (keep.share=0.5), and all 1 answers of the untuned model that are right" in caplog.text


def test_one_right_answer_is_enough_and_none_is_told():
    wrong = [reply._replace(right=False) for reply in OWN]
    assert ReplayOwn(share=0.5).lacking(LABELS, GENERAL, OWN) == ""
    told = ReplayOwn(share=0.5).lacking(LABELS, GENERAL, wrong)
    assert "there are 0 answers of the untuned model that are right and whole (of 3)" in told
    assert ReplayOwn(share=0.5).examples(LABELS, GENERAL, wrong) == LABELS


def test_a_share_of_nothing_is_refused():
    with pytest.raises(ValidationError, match="share"):
        ReplayOwn(share=0)
