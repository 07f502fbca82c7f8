"""Without a remedy a training learns the labels and nothing else."""

from runner.keep.none import NoRemedy
from tests.keep.given import GENERAL, LABELS


def test_the_labels_are_trained_on_alone():
    assert NoRemedy().examples(LABELS, GENERAL, ()) == LABELS
