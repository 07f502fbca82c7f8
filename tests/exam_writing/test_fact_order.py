"""Facts come in one order, whatever is taken at once; an examiner that lists none is not asked for ever."""

from collections.abc import Callable
from dataclasses import replace

from runner.data.records import AtomicFact
from runner.exam_writing.fact_order import FactOrder
from runner.method.fact_listing import FactListing
from tests.exam_writing.given import MATERIAL, written
from tests.examiner import wrote
from tests.given import Scripted, said


def order(reply: Callable[[str], str] = wrote, facts: tuple[AtomicFact, ...] = ()) -> tuple[FactOrder, Scripted]:
    """The facts of the corpus, with the model that lists them."""
    settings, model = written(), Scripted(lambda prompt: reply(said(prompt)))
    listing = FactListing(settings.facts_prompt, settings.filter_prompt, 100, 0)
    return FactOrder(replace(MATERIAL, facts=facts), listing, model, 0), model


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
