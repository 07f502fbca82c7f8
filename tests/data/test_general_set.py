"""A set of general questions is known by all that it holds, and an empty one holds nothing."""

from dataclasses import replace

from runner.data.general_set import GeneralSet
from runner.data.records import digest
from tests.given import question


def test_a_set_without_anything_asks_replays_and_reads_nothing() -> None:
    assert vars(GeneralSet()) == {"questions": (), "replay": (), "page": ""}


def test_every_part_of_a_set_is_in_its_hash() -> None:
    empty = GeneralSet()
    others = [replace(empty, questions=(question(),)), replace(empty, replay=(("a", "b"),)), replace(empty, page="Text.")]
    assert len({digest(each) for each in (empty, *others)}) == 4
