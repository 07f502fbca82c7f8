"""A note says how many labels were left out because of the exam, and that sections stay."""

from dataclasses import replace

from runner.comparison import Arm
from runner.comparison.left_out import left_out
from runner.comparison.notes import notes
from tests.comparison.given import baseline, empty, tuned

NOTE = "Labels that ask what the exam asks, or nearly the same, were left out of training: fact 5x kept 796 of 918."


def arm(method: str, requested: int, kept: int) -> Arm:
    """An arm with the account of the labels that the exam asks."""
    made = tuned(method, "5x", 0.5)
    account = {"stage": "leaks", "requested": requested, "kept": kept, "filtered": {"like an exam question": requested - kept}}
    return replace(made, ledger=(*made.ledger, account))


def said(*arms: Arm) -> list[str]:
    return left_out(replace(empty(), arms=[baseline("base", 0.1), *arms]))


def test_the_arms_that_lost_labels_are_named_with_what_they_kept() -> None:
    assert said(arm("fact", 918, 796)) == [NOTE]
    assert said(arm("fact", 918, 796), arm("token", 31, 29))[0] == NOTE.replace("918.", "918; token 5x kept 29 of 31.")


def test_beside_an_arm_that_lost_none_it_is_said_that_sections_stay() -> None:
    (note,) = said(arm("fact", 918, 796), arm("passage", 40, 40))
    assert note.startswith(NOTE)
    assert note.endswith("So an arm with such labels has an advantage.")


def test_where_no_label_was_left_out_nothing_is_said() -> None:
    assert said(arm("fact", 918, 918), arm("passage", 40, 40), tuned("human", "5x", 0.5)) == []


def test_it_is_one_of_the_notes() -> None:
    assert NOTE in notes(replace(empty(), arms=[arm("fact", 918, 796)]))
