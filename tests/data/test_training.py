"""Examples are tuples, so that what was kept under the hash of plain pairs is found again."""

from runner.data.records import canonical, chat
from runner.data.training import Preference, Supervised


def test_a_supervised_example_has_the_hash_of_a_plain_pair() -> None:
    prompt = chat("Who won?", "Answer briefly.", 32)
    assert canonical(Supervised(prompt, "Ada.")) == canonical((prompt, "Ada."))


def test_a_preference_has_another_hash_than_any_supervised_example() -> None:
    prompt = chat("Who won?", "", 32)
    assert canonical(Preference(prompt, "Ada.", "Bob.")) != canonical(Supervised(prompt, "Ada."))
