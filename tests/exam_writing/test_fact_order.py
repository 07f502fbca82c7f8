"""Facts come in one order, whatever is taken at once; an examiner that lists none is not asked for ever."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from runner.data.records import AtomicFact, Material
from runner.exam_writing.fact_order import FactOrder
from runner.method.fact_listing import FactListing
from tests.exam_writing.given import MATERIAL, written
from tests.examiner import wrote
from tests.given import Scripted, said, section

# Five facts in each of three sections, and one in a fourth: three of them are for practice.
LONG = Material(
    sections=(
        *(
            section(" ".join(f"Part {number} of {name} is made of tin." for number in range(5)), heading=name)
            for name in ("Bell", "Drum", "Horn")
        ),
        section("The case is made of elm.", heading="Case"),
    ),
    questions=(),
)


def order(
    reply: Callable[[str], str] = wrote, facts: tuple[AtomicFact, ...] = (), corpus: Material = MATERIAL
) -> tuple[FactOrder, Scripted]:
    """The facts of the corpus, with the model that lists them."""
    settings, model = written(), Scripted(lambda prompt: reply(said(prompt)))
    listing = FactListing(settings.facts_prompt, settings.filter_prompt, 100, 0)
    return FactOrder(replace(corpus, facts=facts), listing, model, 0), model


def test_the_order_is_the_same_whether_facts_are_taken_one_by_one_or_at_once() -> None:
    every, _ = order()
    single, _ = order()
    taken = every.take(9)
    assert [fact for _ in range(9) for fact in single.take(1)] == taken
    assert len(taken) == len(set(taken)) == 5
    assert every.take(1) == []


def test_sections_are_listed_as_they_are_needed() -> None:
    facts, model = order()
    assert model.asked == []
    facts.take(1)
    assert len(model.asked) == 1
    facts.take(9)
    assert len(model.asked) == len(MATERIAL.sections)


def test_a_fact_that_was_read_twice_counts_as_a_duplicate() -> None:
    fact = AtomicFact(section="bowl.md#Bowl", text="The bowl is made of tin", category="cup", origin="read")
    facts, _ = order(facts=(fact, fact))
    facts.take(9)
    ledger = facts.tally.close()
    assert (ledger.requested, ledger.kept, ledger.filtered["duplicate"]) == (6, 5, 1)


def test_a_section_without_facts_is_passed_over() -> None:
    facts, _ = order(lambda text: "[]" if "league.md" in text else wrote(text))
    assert {fact.section for fact in facts.take(9)} == {"cup.md#Final", "bowl.md#Bowl"}


def _taken(corpus: Material, exam: int, practice: int) -> tuple[list[AtomicFact], list[AtomicFact]]:
    facts, _ = order(corpus=corpus)
    return facts.take(exam), facts.take(practice, practice=True)


@pytest.mark.parametrize(("corpus", "exam", "practice"), [(LONG, 13, 3), (LONG, 9, 7), (MATERIAL, 3, 2), (MATERIAL, 2, 3)])
def test_no_exam_asks_about_a_fact_of_any_practice_as_long_as_there_are_facts_for_both(
    corpus: Material, exam: int, practice: int
) -> None:
    examined, practised = _taken(corpus, exam, practice)
    assert (len(examined), len(practised)) == (exam, practice)
    for size in range(1, exam + 1):
        assert _taken(corpus, size, practice) == (examined[:size], practised)
    for size in range(practice + 1):
        assert _taken(corpus, exam, size) == (examined, practised[:size])
    assert not {*examined} & {*practised}


def test_the_exam_takes_the_facts_for_practice_where_no_other_is_left() -> None:
    examined, practised = _taken(LONG, 16, 3)
    assert len({*examined}) == 16
    assert practised == []
    assert _taken(LONG, 13, 3)[1] == examined[13:]


def test_practice_lists_sections_that_the_exam_did_not_need() -> None:
    facts, model = order(corpus=LONG)
    facts.take(1)
    facts.take(1, practice=True)
    assert len(model.asked) <= 2
