"""The untuned model's own answers are mixed in where they are right and whole."""

import pytest
from pydantic import ValidationError

from runner.data.training import Supervised
from runner.errors import Fault
from runner.keep.replay_own import ReplayOwn
from tests.keep.given import GENERAL, LABELS, OWN


def test_the_general_questions_are_asked():
    assert ReplayOwn(share=0.5).asked(LABELS, GENERAL) == GENERAL


def test_only_a_right_and_whole_answer_is_mixed_in():
    own = Supervised(GENERAL[0].prompt, "Frozen water.")
    assert ReplayOwn(share=0.25).examples(LABELS, GENERAL, OWN) == [*LABELS, own]


def test_too_few_right_answers_are_a_fault_that_counts_them():
    with pytest.raises(
        Fault, match=r"there are 1 answers of the untuned model that are right \(of 3\)\. Set keep\.share to 0\.25"
    ):
        ReplayOwn(share=0.5).examples(LABELS, GENERAL, OWN)


def test_a_share_of_nothing_is_refused():
    with pytest.raises(ValidationError, match="share"):
        ReplayOwn(share=0)
